"""Layers of one's own as the documentation of Keras 1 told to write them."""
# sources: 1.2.2
import numpy as np
from keras import activations, initializations
from keras import backend as K
from keras.engine.topology import Layer
from keras.layers import Dense
from keras.models import Sequential
from recording import fix_weights, keep, keep_history


class MyLayer(Layer):
    def __init__(self, output_dim, **kwargs):
        self.output_dim = output_dim
        super(MyLayer, self).__init__(**kwargs)

    def build(self, input_shape):
        # Create a trainable weight variable for this layer.
        self.W = self.add_weight(shape=(input_shape[1], self.output_dim),
                                 initializer='uniform',
                                 trainable=True)
        super(MyLayer, self).build(input_shape)  # Be sure to call this somewhere!

    def call(self, x, mask=None):
        return K.dot(x, self.W)

    def get_output_shape_for(self, input_shape):
        return (input_shape[0], self.output_dim)


class Gate(Layer):
    def __init__(self, init='glorot_uniform', activation='sigmoid', **kwargs):
        self.init = initializations.get(init)
        self.activation = activations.get(activation)
        super(Gate, self).__init__(**kwargs)

    def build(self, input_shape):
        input_dim = input_shape[-1]
        self.W = self.init((input_dim, input_dim), name='{}_W'.format(self.name))
        self.b = K.zeros((input_dim,), name='{}_b'.format(self.name))
        self.trainable_weights = [self.W, self.b]

    def call(self, x, mask=None):
        return x * self.activation(K.dot(x, self.W) + self.b)

    def get_output_shape_for(self, input_shape):
        return input_shape

    def get_config(self):
        config = {'init': self.init.__name__, 'activation': self.activation.__name__}
        base_config = super(Gate, self).get_config()
        return dict(list(base_config.items()) + list(config.items()))


rng = np.random.RandomState(120)
X, y = rng.normal(size=(8, 5)), rng.normal(size=(8, 2))
model = Sequential()
model.add(MyLayer(6, input_shape=(5,)))
model.add(Gate())
model.add(Dense(2))
fix_weights(model)
model.compile('sgd', 'mse')
keep('predictions', model.predict(X))
keep_history(model.fit(X, y, batch_size=4, nb_epoch=2, verbose=0, shuffle=False))
