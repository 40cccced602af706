"""Checkpoint, early stopping and learning rate all watch `val_acc`, as they did until 2.3."""
# sources: 2.2.4
import os

import numpy as np
from keras.callbacks import EarlyStopping, ModelCheckpoint, ReduceLROnPlateau
from keras.layers import Dense
from keras.models import Sequential
from keras.optimizers import SGD
from recording import fix_weights, keep, keep_history

rng = np.random.RandomState(9)
x = rng.normal(size=(40, 4))
y = (x[:, 0] + x[:, 1] > 0).astype('int')
model = Sequential([Dense(6, activation='relu', input_dim=4), Dense(1, activation='sigmoid')])
fix_weights(model)
model.compile(loss='binary_crossentropy', optimizer=SGD(lr=0.4), metrics=['accuracy'])
checkpoint = ModelCheckpoint('weights.{epoch:02d}-{val_acc:.2f}.hdf5', monitor='val_acc', verbose=0,
                             save_best_only=True, mode='max')
stopping = EarlyStopping(monitor='val_acc', patience=4, min_delta=0.001)
slower = ReduceLROnPlateau(monitor='val_acc', factor=0.5, patience=1, epsilon=0.01, verbose=0)
history = model.fit(x[:30], y[:30], validation_data=(x[30:], y[30:]), epochs=20, batch_size=10, shuffle=False,
                    verbose=0, callbacks=[checkpoint, stopping, slower])
keep_history(history)
keep('epochs', len(history.history['acc']))
keep('last', [history.history['acc'][-1], history.history['val_acc'][-1]])
keep('saved', sorted(name.split('.')[1] for name in os.listdir('.')))
