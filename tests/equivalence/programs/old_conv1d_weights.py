"""Weights of one-dimensional and transposed convolutions that the old stack saved."""
import numpy as np
from keras.layers import Conv1D, Conv2DTranspose, Dense, DepthwiseConv2D, Flatten, Input, Reshape, SeparableConv1D
from keras.models import Model
from recording import keep, old_weights

inputs = Input((8, 2))
h = Conv1D(4, 3, padding='same')(inputs)
h = SeparableConv1D(4, 3, padding='same')(h)
h = Reshape((4, 4, 2))(h)
h = DepthwiseConv2D((2, 2))(h)
h = Conv2DTranspose(2, (3, 3), strides=2)(h)
model = Model(inputs, Dense(2)(Flatten()(h)))
old_weights(model, 'conv.h5')
model.load_weights('conv.h5')
keep('predictions', model.predict(np.random.RandomState(61).normal(size=(3, 8, 2))))
