"""Weights of convolutions down and up that Keras 1 saved, and those of a gate of one's own."""
# sources: 1.2.2
import numpy as np
from keras.engine.topology import Layer
from keras.layers import Convolution2D, Dense, Flatten, MaxPooling2D, PReLU, UpSampling2D
from keras.models import Sequential
from recording import keep, old_weights


class Scale(Layer):
    def build(self, input_shape):
        self.gamma = self.add_weight((input_shape[-1],), initializer='one', name='{}_gamma'.format(self.name))
        self.beta = self.add_weight((input_shape[-1],), initializer='zero', name='{}_beta'.format(self.name))
        super(Scale, self).build(input_shape)

    def call(self, x, mask=None):
        return x * self.gamma + self.beta

    def get_output_shape_for(self, input_shape):
        return input_shape


model = Sequential()
model.add(Convolution2D(3, 3, 3, border_mode='same', input_shape=(4, 4, 1)))
model.add(PReLU())
model.add(MaxPooling2D((2, 2)))
model.add(Scale())
model.add(UpSampling2D((2, 2)))
model.add(Convolution2D(1, 3, 3, border_mode='same'))
model.add(Flatten())
model.add(Dense(2))
old_weights(model, 'autoencoder.h5')
model.load_weights('autoencoder.h5')
keep('predictions', model.predict(np.random.RandomState(158).rand(2, 4, 4, 1)))
