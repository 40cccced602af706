"""The cell of the documentation of `keras.layers.RNN`."""
import keras
import numpy as np
from keras import backend as K
from recording import fix_weights, keep


class MinimalRNNCell(keras.layers.Layer):

    def __init__(self, units, **kwargs):
        self.units = units
        self.state_size = units
        super(MinimalRNNCell, self).__init__(**kwargs)

    def build(self, input_shape):
        self.kernel = self.add_weight(shape=(input_shape[-1], self.units),
                                      initializer='uniform',
                                      name='kernel')
        self.recurrent_kernel = self.add_weight(
            shape=(self.units, self.units),
            initializer='uniform',
            name='recurrent_kernel')
        self.built = True

    def call(self, inputs, states):
        prev_output = states[0]
        h = K.dot(inputs, self.kernel)
        output = h + K.dot(prev_output, self.recurrent_kernel)
        return output, [output]


cell = MinimalRNNCell(4)
x = keras.Input((None, 3))
layer = keras.layers.RNN(cell)
y = layer(x)
model = keras.models.Model(x, y)
fix_weights(model)
data = np.random.RandomState(29).normal(size=(3, 4, 3))
keep('predictions', model.predict(data))

cells = [MinimalRNNCell(3), MinimalRNNCell(2)]
stacked = keras.models.Model(x, keras.layers.RNN(cells)(x))
fix_weights(stacked, 'stacked')
keep('stacked', stacked.predict(data))
