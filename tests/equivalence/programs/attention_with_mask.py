"""The attention layer that went around: it takes a mask, and stops it."""
import numpy as np
from keras import backend as K
from keras import constraints, initializers, regularizers
from keras.engine import Layer, InputSpec
from keras.layers import Dense, Embedding, GRU, Input, Bidirectional
from keras.models import Model
from recording import fix_weights, keep, keep_history


class AttentionWithContext(Layer):

    def __init__(self, W_regularizer=None, u_regularizer=None, W_constraint=None, bias=True, **kwargs):
        self.supports_masking = True
        self.init = initializers.get('glorot_uniform')
        self.W_regularizer = regularizers.get(W_regularizer)
        self.u_regularizer = regularizers.get(u_regularizer)
        self.W_constraint = constraints.get(W_constraint)
        self.bias = bias
        super(AttentionWithContext, self).__init__(**kwargs)

    def build(self, input_shape):
        assert len(input_shape) == 3
        self.input_spec = [InputSpec(ndim=3)]
        self.W = self.add_weight(shape=(input_shape[-1], input_shape[-1],), initializer=self.init,
                                 name='{}_W'.format(self.name), regularizer=self.W_regularizer,
                                 constraint=self.W_constraint)
        if self.bias:
            self.b = self.add_weight(shape=(input_shape[-1],), initializer='zero', name='{}_b'.format(self.name))
        self.u = self.add_weight(shape=(input_shape[-1],), initializer=self.init, name='{}_u'.format(self.name),
                                 regularizer=self.u_regularizer)
        super(AttentionWithContext, self).build(input_shape)

    def compute_mask(self, input, input_mask=None):
        return None

    def call(self, x, mask=None):
        uit = K.dot(x, self.W)
        if self.bias:
            uit += self.b
        uit = K.tanh(uit)
        ait = K.squeeze(K.dot(uit, K.expand_dims(self.u)), axis=-1)
        a = K.exp(ait)
        if mask is not None:
            a *= K.cast(mask, K.floatx())
        a /= K.cast(K.sum(a, axis=1, keepdims=True) + K.epsilon(), K.floatx())
        a = K.expand_dims(a)
        weighted_input = x * a
        return K.sum(weighted_input, axis=1)

    def compute_output_shape(self, input_shape):
        return input_shape[0], input_shape[-1]


rng = np.random.RandomState(72)
x = rng.randint(0, 9, size=(6, 5))
x[:, 3:] *= rng.randint(2, size=(6, 2))
inputs = Input(shape=(5,), dtype='int32')
h = Embedding(9, 3, mask_zero=True)(inputs)
h = Bidirectional(GRU(2, return_sequences=True))(h)
h = AttentionWithContext(name='attention')(h)
model = Model(inputs, Dense(1, activation='sigmoid')(h))
fix_weights(model)
keep('predictions', model.predict(x))
model.compile('sgd', 'binary_crossentropy', metrics=['accuracy'])
keep_history(model.fit(x, rng.randint(2, size=6), batch_size=3, epochs=2, shuffle=False, verbose=0))
