"""Volumes: convolution, pooling, padding, cropping and enlarging in three dimensions."""
# sources: 1.2.2
import numpy as np
from keras.layers import (AveragePooling3D, Convolution3D, Cropping3D, Dense, Flatten, Input, MaxPooling3D, UpSampling3D,
                          ZeroPadding3D)
from keras.layers import GlobalAveragePooling3D, merge
from keras.models import Model, Sequential
from recording import fix_weights, keep

X = np.random.RandomState(105).rand(2, 6, 7, 8, 2)

model = Sequential()
model.add(Convolution3D(3, 3, 2, 3, activation='relu', border_mode='same', name='conv1', subsample=(1, 1, 1),
                        input_shape=(6, 7, 8, 2), dim_ordering='tf'))
model.add(MaxPooling3D(pool_size=(1, 2, 2), strides=(1, 2, 2), border_mode='valid', dim_ordering='tf'))
model.add(ZeroPadding3D(padding=(1, 0, 1)))
model.add(Convolution3D(nb_filter=4, kernel_dim1=2, kernel_dim2=3, kernel_dim3=2, subsample=(2, 1, 2)))
model.add(UpSampling3D(size=(1, 2, 2)))
model.add(Cropping3D(((0, 1), (0, 0), (1, 1))))
model.add(AveragePooling3D())
model.add(Flatten())
model.add(Dense(3, activation='softmax'))
fix_weights(model)
model.compile('sgd', 'categorical_crossentropy')
keep('predictions', model.predict(X))

volume = Input(shape=(6, 7, 8, 2))
one = Convolution3D(2, 2, 2, 2, border_mode='same')(volume)
other = Convolution3D(2, 1, 1, 1, border_mode='same', bias=False)(volume)
both = merge([one, other], mode='concat', concat_axis=-1)
model = Model(input=volume, output=GlobalAveragePooling3D()(both))
fix_weights(model, 'inception')
keep('inception', model.predict(X))
