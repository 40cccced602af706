"""An optimizer of one's own, with get_updates."""
import numpy as np
from keras import backend as K
from keras.layers import Dense
from keras.legacy import interfaces
from keras.models import Sequential
from keras.optimizers import Optimizer
from recording import fix_weights, keep, keep_history


class SignSGD(Optimizer):

    def __init__(self, lr=0.01, **kwargs):
        super(SignSGD, self).__init__(**kwargs)
        with K.name_scope(self.__class__.__name__):
            self.rate = K.variable(lr, name='rate')

    @interfaces.legacy_get_updates_support  # manual: KM520
    def get_updates(self, loss, params):
        grads = self.get_gradients(loss, params)  # manual: KM408
        self.updates = []
        for p, g in zip(params, grads):
            self.updates.append(K.update(p, p - self.rate * K.sign(g)))
        return self.updates

    def get_config(self):
        config = {'lr': float(K.get_value(self.rate))}
        base_config = super(SignSGD, self).get_config()
        return dict(list(base_config.items()) + list(config.items()))


rng = np.random.RandomState(84)
x, y = rng.normal(size=(8, 3)), rng.normal(size=(8, 1))
model = Sequential([Dense(4, activation='tanh', input_dim=3), Dense(1)])
fix_weights(model)
keep('predictions', model.predict(x))
model.compile(loss='mse', optimizer=SignSGD(lr=0.02))
keep_history(model.fit(x, y, batch_size=4, epochs=2, shuffle=False, verbose=0))
