"""The attention layer over time that many text projects of 2016 and 2017 copied."""
# sources: 1.2.2
import numpy as np
from keras import backend as K
from keras import constraints, initializations, regularizers
from keras.engine.topology import Layer
from keras.layers import Dense, Embedding, GRU, Bidirectional, Input
from keras.models import Model
from recording import fix_weights, keep


class Attention(Layer):
    def __init__(self, W_regularizer=None, b_regularizer=None, W_constraint=None, bias=True, **kwargs):
        self.supports_masking = True
        self.init = initializations.get('glorot_uniform')
        self.W_regularizer = regularizers.get(W_regularizer)
        self.b_regularizer = regularizers.get(b_regularizer)
        self.W_constraint = constraints.get(W_constraint)
        self.bias = bias
        super(Attention, self).__init__(**kwargs)

    def build(self, input_shape):
        assert len(input_shape) == 3
        self.W = self.add_weight((input_shape[-1], input_shape[-1]),
                                 initializer=self.init,
                                 name='{}_W'.format(self.name),
                                 regularizer=self.W_regularizer,
                                 constraint=self.W_constraint)
        if self.bias:
            self.b = self.add_weight((input_shape[-1],),
                                     initializer='zero',
                                     name='{}_b'.format(self.name),
                                     regularizer=self.b_regularizer)
        self.u = self.add_weight((input_shape[-1], 1), initializer=self.init, name='{}_u'.format(self.name))
        super(Attention, self).build(input_shape)

    def compute_mask(self, input, input_mask=None):
        return None

    def call(self, x, mask=None):
        uit = K.dot(x, self.W)
        if self.bias:
            uit += self.b
        uit = K.tanh(uit)
        ait = K.squeeze(K.dot(uit, self.u), -1)
        a = K.exp(ait)
        if mask is not None:
            a *= K.cast(mask, K.floatx())
        a /= K.cast(K.sum(a, axis=1, keepdims=True) + K.epsilon(), K.floatx())
        weighted_input = x * K.expand_dims(a)
        return K.sum(weighted_input, axis=1)

    def get_output_shape_for(self, input_shape):
        return (input_shape[0], input_shape[-1])


rng = np.random.RandomState(121)
words = rng.randint(0, 12, size=(4, 6))
sentence_input = Input(shape=(6,), dtype='int32')
embedded = Embedding(12, 5, mask_zero=True)(sentence_input)
states = Bidirectional(GRU(3, return_sequences=True))(embedded)
outputs = Dense(2, activation='softmax')(Attention()(states))
model = Model(sentence_input, outputs)
fix_weights(model)
model.compile(loss='categorical_crossentropy', optimizer='sgd', metrics=['acc'])
keep('predictions', model.predict(words))
