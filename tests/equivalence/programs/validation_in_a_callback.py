"""A callback that predicts on the validation data that Keras gave it."""
import numpy as np
from keras.callbacks import Callback
from keras.layers import Dense
from keras.models import Sequential
from recording import fix_weights, keep, keep_history, keep_training

rng = np.random.RandomState(86)
x, y = rng.normal(size=(12, 3)), rng.randint(2, size=(12, 1))


class Metrics(Callback):

    def on_train_begin(self, logs={}):
        self.recalls = []

    def on_epoch_end(self, epoch, logs={}):
        val_predict = (np.asarray(self.model.predict(self.validation_data[0]))).round()  # manual: KM510
        val_targ = self.validation_data[1]
        self.recalls.append(float((val_predict * val_targ).sum() / val_targ.sum()))


model = Sequential([Dense(4, activation='relu', input_dim=3), Dense(1, activation='sigmoid')])
fix_weights(model)
keep('predictions', model.predict(x))
model.compile(loss='binary_crossentropy', optimizer='sgd')
metrics = Metrics()
model.fit(x, y, validation_data=(x, y), batch_size=4, epochs=2, shuffle=False, verbose=0, callbacks=[metrics])
keep_training('recalls', metrics.recalls)
