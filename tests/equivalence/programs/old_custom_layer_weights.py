"""Weights of a layer of one's own that the old stack saved."""
import numpy as np
from keras import backend as K
from keras.engine.topology import Layer
from keras.layers import Dense, Input
from keras.models import Model
from recording import keep, old_weights


class Scale(Layer):
    """The layer that every copy of DenseNet had."""

    def __init__(self, axis=-1, momentum=0.9, **kwargs):
        self.momentum = momentum
        self.axis = axis
        super(Scale, self).__init__(**kwargs)

    def build(self, input_shape):
        shape = (int(input_shape[self.axis]),)
        self.gamma = self.add_weight(shape=shape, initializer='one', name='gamma')
        self.beta = self.add_weight(shape=shape, initializer='zero', name='beta')
        super(Scale, self).build(input_shape)

    def call(self, x, mask=None):
        return self.gamma * x + self.beta

    def get_config(self):
        config = {'momentum': self.momentum, 'axis': self.axis}
        base_config = super(Scale, self).get_config()
        return dict(list(base_config.items()) + list(config.items()))


inputs = Input(shape=(4,))
model = Model(inputs, Scale(name='last')(Dense(3, activation='relu')(Scale(name='first')(inputs))))
old_weights(model, 'scale.h5')
model.load_weights('scale.h5')
keep('predictions', model.predict(np.random.RandomState(62).normal(size=(3, 4))))
