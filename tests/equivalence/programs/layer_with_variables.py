"""A layer whose weights are variables that it lists itself, as in Keras 1."""
import numpy as np
from keras import backend as K
from keras.layers import Dense
from keras.layers.core import Layer
from keras.models import Sequential
from recording import fix_weights, keep, keep_history

rng = np.random.RandomState(71)


class Attention(Layer):
    def __init__(self, attention_dim=4, **kwargs):
        self.attention_dim = attention_dim
        super(Attention, self).__init__(**kwargs)

    def build(self, input_shape):
        self.W = K.variable(rng.normal(size=(int(input_shape[-1]), self.attention_dim)), name='W')
        self.b = K.variable(np.zeros((self.attention_dim,)), name='b')
        self.u = K.variable(rng.normal(size=(self.attention_dim, 1)), name='u')
        self.trainable_weights = [self.W, self.b, self.u]
        super(Attention, self).build(input_shape)

    def call(self, x, mask=None):
        uit = K.tanh(K.bias_add(K.dot(x, self.W), self.b))
        ait = K.exp(K.squeeze(K.dot(uit, self.u), -1))
        ait /= K.cast(K.sum(ait, axis=1, keepdims=True) + K.epsilon(), K.floatx())
        return K.sum(x * K.expand_dims(ait), axis=1)

    def compute_output_shape(self, input_shape):
        return (input_shape[0], input_shape[-1])


model = Sequential()
model.add(Dense(3, input_shape=(5, 2)))
model.add(Attention(4))
model.add(Dense(1))
fix_weights(model)
x, y = rng.normal(size=(6, 5, 2)), rng.normal(size=(6, 1))
keep('trainable', len(model.trainable_weights))
keep('predictions', model.predict(x))
model.compile('sgd', 'mse')
keep_history(model.fit(x, y, batch_size=3, epochs=2, shuffle=False, verbose=0))
