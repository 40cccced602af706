"""Layers of one's own as the documentation and its readers wrote them: positional add_weight, no names, masks."""
import numpy as np
from keras import backend as K
from keras import initializers, regularizers
from keras.engine.topology import Layer
from keras.layers import Dense, Input
from keras.models import Model, Sequential
from recording import fix_weights, keep, keep_history


class MyLayer(Layer):

    def __init__(self, output_dim, **kwargs):
        self.output_dim = output_dim
        super(MyLayer, self).__init__(**kwargs)

    def build(self, input_shape):
        self.kernel = self.add_weight(name='kernel',
                                      shape=(input_shape[1], self.output_dim),
                                      initializer='uniform',
                                      trainable=True)
        super(MyLayer, self).build(input_shape)

    def call(self, x):
        return K.dot(x, self.kernel)

    def compute_output_shape(self, input_shape):
        return (input_shape[0], self.output_dim)


class Antirectifier(Layer):

    def compute_output_shape(self, input_shape):
        shape = list(input_shape)
        assert len(shape) == 2
        shape[-1] *= 2
        return tuple(shape)

    def call(self, inputs):
        inputs -= K.mean(inputs, axis=1, keepdims=True)
        inputs = K.l2_normalize(inputs, axis=1)
        pos = K.relu(inputs)
        neg = K.relu(-inputs)
        return K.concatenate([pos, neg], axis=1)


class Bilinear(Layer):
    """With positional arguments of add_weight, as Keras 2 took them."""

    def __init__(self, units=3, kernel_initializer='glorot_uniform', kernel_regularizer=None, **kwargs):
        super(Bilinear, self).__init__(**kwargs)
        self.units = units
        self.kernel_initializer = initializers.get(kernel_initializer)
        self.kernel_regularizer = regularizers.get(kernel_regularizer)

    def build(self, input_shape):
        size = int(input_shape[-1])
        self.W = self.add_weight('W', (self.units, size, size), initializer=self.kernel_initializer,
                                 regularizer=self.kernel_regularizer)
        self.b = self.add_weight('b', (self.units,), initializer='zeros')
        self.built = True

    def call(self, inputs):
        columns = [K.sum(K.dot(inputs, self.W[i]) * inputs, axis=-1, keepdims=True) for i in range(self.units)]
        return K.concatenate(columns, axis=-1) + self.b

    def compute_output_shape(self, input_shape):
        return input_shape[0], self.units

    def get_config(self):
        config = {'units': self.units, 'kernel_initializer': initializers.serialize(self.kernel_initializer),
                  'kernel_regularizer': regularizers.serialize(self.kernel_regularizer)}
        base_config = super(Bilinear, self).get_config()
        return dict(list(base_config.items()) + list(config.items()))


rng = np.random.RandomState(70)
x, y = rng.normal(size=(8, 4)), rng.normal(size=(8, 2))
inputs = Input(shape=(4,))
h = MyLayer(5)(inputs)
h = Antirectifier()(h)
h = Bilinear(3, kernel_regularizer='l2')(h)
model = Model(inputs, Dense(2)(h))
fix_weights(model)
keep('predictions', model.predict(x))
model.compile('sgd', 'mse')
keep_history(model.fit(x, y, batch_size=4, epochs=2, shuffle=False, verbose=0))
