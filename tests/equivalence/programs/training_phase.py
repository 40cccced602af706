"""A layer that asks for the phase itself, and one that is told."""
import numpy as np
from keras import backend as K
from keras.engine.topology import Layer
from keras.layers import Dense, Input, Lambda
from keras.models import Model
from recording import fix_weights, keep, keep_history


class Shifted(Layer):
    """Adds something in training alone."""

    def __init__(self, amount, **kwargs):
        super(Shifted, self).__init__(**kwargs)
        self.amount = amount
        self.supports_masking = True

    def call(self, inputs, training=None):
        def shifted():
            return inputs + self.amount
        return K.in_train_phase(shifted, inputs, training=training)

    def get_config(self):
        config = {'amount': self.amount}
        base_config = super(Shifted, self).get_config()
        return dict(list(base_config.items()) + list(config.items()))


class Doubled(Layer):
    """Does it only in prediction, and asks nobody."""

    def call(self, x):
        return K.in_train_phase(x, 2. * x)


rng = np.random.RandomState(73)
x, y = rng.normal(size=(8, 3)), rng.normal(size=(8, 1))
inputs = Input(shape=(3,))
h = Shifted(0.5)(inputs)
h = Dense(4, activation='relu')(h)
h = Doubled()(h)
model = Model(inputs, Dense(1)(h))
fix_weights(model)
keep('predictions', model.predict(x))
model.compile('sgd', 'mse')
keep_history(model.fit(x, y, batch_size=4, epochs=2, shuffle=False, verbose=0, validation_data=(x, y)))
