"""A wrapper around another layer, as weight normalization and concrete dropout were written."""
# fails on 2.15, 2.21: the wrapper's own weight comes before those of its layer, and the fixed weights go by place
import numpy as np
from keras import backend as K
from keras.layers import Dense, Input, InputSpec
from keras.layers.wrappers import Wrapper
from keras.models import Model
from recording import fix_weights, keep, keep_history


class Gated(Wrapper):
    """Scales what the layer within gives by a weight of its own, and punishes its size."""

    def __init__(self, layer, penalty=0.01, **kwargs):
        super(Gated, self).__init__(layer, **kwargs)
        self.penalty = penalty

    def build(self, input_shape=None):
        self.input_spec = InputSpec(shape=input_shape)
        if not self.layer.built:
            self.layer.build(input_shape)
            self.layer.built = True
        self.gate = self.layer.add_weight(name='gate', shape=(1,), initializer='ones')
        regularizer = self.penalty * K.sum(K.square(self.gate)) + self.penalty * K.sum(K.square(self.layer.kernel))
        self.layer.add_loss(regularizer)
        super(Gated, self).build()

    def compute_output_shape(self, input_shape):
        return self.layer.compute_output_shape(input_shape)

    def call(self, inputs, training=None):
        return self.gate * self.layer.call(inputs)


rng = np.random.RandomState(75)
x, y = rng.normal(size=(8, 3)), rng.normal(size=(8, 2))
inputs = Input(shape=(3,))
h = Gated(Dense(4, activation='tanh'), name='gated')(inputs)
model = Model(inputs, Dense(2)(h))
fix_weights(model)
keep('predictions', model.predict(x))
model.compile('sgd', 'mse')
keep('loss', model.evaluate(x, y, verbose=0))
keep_history(model.fit(x, y, batch_size=4, epochs=2, shuffle=False, verbose=0))
