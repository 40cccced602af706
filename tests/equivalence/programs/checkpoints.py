"""The best model of a training, as a file that is loaded again, and weights alone."""
import numpy as np
from keras.callbacks import ModelCheckpoint
from keras.layers import Dense
from keras.models import Sequential, load_model
from keras.optimizers import SGD
from recording import fix_weights, keep, keep_history, keep_training

rng = np.random.RandomState(55)
x = rng.normal(size=(16, 3))
y = (x[:, :1] > 0).astype('float32')


def build():
    model = Sequential()
    model.add(Dense(4, activation='relu', input_dim=3))
    model.add(Dense(1, activation='sigmoid'))
    model.compile(loss='binary_crossentropy', optimizer=SGD(lr=0.2), metrics=['accuracy'])
    return model


model = build()
fix_weights(model)
best = ModelCheckpoint('best_model.hdf5', monitor='val_loss', verbose=0, save_best_only=True, mode='min', period=1)
weights = ModelCheckpoint('weights.h5', monitor='val_loss', save_best_only=False, save_weights_only=True)
history = model.fit(x, y, validation_split=0.25, batch_size=4, epochs=3, shuffle=False, verbose=0, callbacks=[best, weights])
keep_history(history)
loaded = load_model('best_model.hdf5')
keep_training('of the best', loaded.predict(x))
other = build()
other.load_weights('weights.h5')
keep_training('of the last', other.predict(x))
keep_training('score of the best', loaded.evaluate(x, y, verbose=0))
