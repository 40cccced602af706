"""An activation, an initializer, a regularizer and a constraint of one's own, known by name."""
import numpy as np
from keras import backend as K
from keras.constraints import Constraint
from keras.initializers import Initializer
from keras.layers import Activation, Dense
from keras.models import Sequential, model_from_json
from keras.regularizers import Regularizer
from keras.utils import CustomObjectScope
from keras.utils.generic_utils import get_custom_objects
from recording import fix_weights, keep, keep_history, keep_training


def swish(x):
    return x * K.sigmoid(x)


def my_init(shape, dtype=None):
    return K.constant(np.linspace(-1., 1., int(np.prod(shape))).reshape(shape), dtype=dtype)


class Halves(Initializer):
    def __call__(self, shape, dtype=None):
        return K.ones(shape, dtype=dtype) * 0.5


class Cubes(Regularizer):
    def __init__(self, strength=0.01):
        self.strength = K.cast_to_floatx(strength)

    def __call__(self, x):
        return self.strength * K.sum(K.abs(x) ** 3)

    def get_config(self):
        return {'strength': float(self.strength)}


class WeightClip(Constraint):
    """As in every Wasserstein GAN."""

    def __init__(self, c=0.3):
        self.c = c

    def __call__(self, p):
        return K.clip(p, -self.c, self.c)

    def get_config(self):
        return {'name': self.__class__.__name__, 'c': self.c}


rng = np.random.RandomState(80)
x, y = rng.normal(size=(8, 3)), rng.normal(size=(8, 1))
get_custom_objects().update({'swish': Activation(swish)})
model = Sequential()
model.add(Dense(4, input_dim=3, kernel_initializer=my_init, bias_initializer=Halves()))
model.add(Activation('swish'))
model.add(Dense(3, activation=swish, kernel_regularizer=Cubes(0.02), kernel_initializer=Halves()))
model.add(Dense(1, kernel_constraint=WeightClip(0.2)))
keep('initialized', model.layers[0].get_weights()[0])
keep('halves', model.layers[2].get_weights()[0])
fix_weights(model)
keep('predictions', model.predict(x))
model.compile(loss='mse', optimizer='sgd')
keep_history(model.fit(x, y, batch_size=4, epochs=2, shuffle=False, verbose=0))
keep_training('clipped', np.abs(model.layers[-1].get_weights()[0]).max())
del get_custom_objects()['swish']
