"""Learning rates set by hand, by a schedule and by a callback of one's own."""
import numpy as np
from keras import backend as K
from keras.callbacks import Callback, LearningRateScheduler
from keras.layers import Dense
from keras.models import Sequential
from keras.optimizers import SGD
from recording import fix_weights, keep, keep_history, keep_training

rng = np.random.RandomState(53)
x, y = rng.normal(size=(12, 3)), rng.normal(size=(12, 1))


class Triangular(Callback):
    """A cyclical learning rate."""

    def __init__(self, low, high, steps):
        super(Triangular, self).__init__()
        self.low, self.high, self.steps = low, high, steps
        self.count = 0
        self.rates = []

    def on_train_begin(self, logs={}):
        logs = logs or {}
        K.set_value(self.model.optimizer.lr, self.low)

    def on_batch_end(self, batch, logs=None):
        self.count += 1
        cycle = abs(self.count % (2 * self.steps) - self.steps) / float(self.steps)
        K.set_value(self.model.optimizer.lr, self.high - (self.high - self.low) * cycle)
        self.rates.append(float(K.get_value(self.model.optimizer.lr)))


def step_decay(epoch):
    return 0.1 * 0.5 ** (epoch // 2)


model = Sequential([Dense(4, activation='tanh', input_dim=3), Dense(1)])
fix_weights(model)
model.compile(loss='mse', optimizer=SGD(lr=0.01))
keep('rate', float(K.get_value(model.optimizer.lr)))
K.set_value(model.optimizer.lr, 0.5 * K.get_value(model.optimizer.lr))
keep('half of it', float(K.get_value(model.optimizer.lr)))
keep_history(model.fit(x, y, batch_size=4, epochs=4, shuffle=False, verbose=0,
                       callbacks=[LearningRateScheduler(step_decay)]), 'stepwise')
triangular = Triangular(0.01, 0.1, 3)
keep_history(model.fit(x, y, batch_size=4, epochs=3, shuffle=False, verbose=0, callbacks=[triangular]), 'triangular')
keep('rates', triangular.rates)
keep_training('predictions after training', model.predict(x))
