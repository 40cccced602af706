"""Callbacks: checkpoints and early stopping on `val_acc`, a schedule, lambdas, and one of the program's own."""
# sources: 1.2.2
import os

import numpy as np
from keras.callbacks import Callback, EarlyStopping, LambdaCallback, LearningRateScheduler, ModelCheckpoint
from keras.layers import Dense
from keras.models import Sequential
from keras.optimizers import SGD
from recording import fix_weights, keep, keep_training


class LossHistory(Callback):
    def on_train_begin(self, logs={}):
        self.losses = []

    def on_batch_end(self, batch, logs={}):
        self.losses.append(logs.get('loss'))


def step_decay(epoch):
    return 0.4 * 0.5 ** (epoch // 3)


rng = np.random.RandomState(131)
X = rng.normal(size=(40, 4))
y = (X[:, 0] + X[:, 1] > 0).astype('int')
model = Sequential()
model.add(Dense(6, input_dim=4, init='uniform', activation='relu'))
model.add(Dense(1, init='uniform', activation='sigmoid'))
fix_weights(model)
model.compile(loss='binary_crossentropy', optimizer=SGD(lr=0.4), metrics=['accuracy'])
checkpoint = ModelCheckpoint('weights.{epoch:02d}-{val_acc:.2f}.hdf5', monitor='val_acc', verbose=0,
                             save_best_only=True, mode='max')
stopping = EarlyStopping(monitor='val_loss', patience=1, verbose=0, mode='auto')
seen = []
history = LossHistory()
hist = model.fit(X[:30], y[:30], validation_data=(X[30:], y[30:]), nb_epoch=6, batch_size=30, shuffle=False, verbose=0,
                 callbacks=[history, checkpoint, stopping, LearningRateScheduler(step_decay),
                            LambdaCallback(on_epoch_end=lambda epoch, logs: seen.append((epoch, logs['val_acc'])))])
keep_training('validation', hist.history['val_acc'])
keep('epochs', len(hist.history['acc']))
keep_training('losses of batches', history.losses)
keep('seen', [epoch for epoch, _ in seen])
keep('saved', len(os.listdir('.')))
