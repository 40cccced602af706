"""The callbacks that only look: CSVLogger, LambdaCallback, TerminateOnNaN, TensorBoard, History, one of one's own."""
import keras
import numpy as np
from keras.callbacks import Callback, CSVLogger, EarlyStopping, History, LambdaCallback, TensorBoard, TerminateOnNaN
from keras.layers import Dense
from keras.models import Sequential
from recording import fix_weights, keep, keep_history, keep_training

rng = np.random.RandomState(54)
x, y = rng.normal(size=(12, 3)), rng.normal(size=(12, 1))


class LossHistory(keras.callbacks.Callback):
    def on_train_begin(self, logs={}):
        self.losses = []

    def on_batch_end(self, batch, logs={}):
        self.losses.append(logs.get('loss'))


class StopEarly(Callback):
    def on_epoch_end(self, epoch, logs={}):
        if epoch == 2:
            self.model.stop_training = True


model = Sequential([Dense(4, activation='tanh', input_dim=3), Dense(1)])
fix_weights(model)
model.compile(loss='mse', optimizer='sgd', metrics=['mae'])
losses, past, epochs = LossHistory(), History(), []
board = TensorBoard(log_dir='./logs', histogram_freq=0, batch_size=4, write_graph=True, write_grads=False,
                    write_images=False, embeddings_freq=0, embeddings_layer_names=None, embeddings_metadata=None)
history = model.fit(x, y, batch_size=12, epochs=6, shuffle=False, verbose=0, validation_split=0.25, callbacks=[
    losses, past, CSVLogger('training.csv', separator=';'), TerminateOnNaN(), StopEarly(),
    EarlyStopping(monitor='val_loss', min_delta=0, patience=5, verbose=0, mode='auto', baseline=None),
    LambdaCallback(on_epoch_begin=lambda epoch, logs: epochs.append(epoch))])
keep_history(history)
keep_training('losses of batches', losses.losses)
keep('epochs', epochs)
keep('epochs of the history', past.epoch)
keep('lines of the log', len(open('training.csv').readlines()))
keep('board', board.log_dir)  # its package is no part of TensorFlow any more
