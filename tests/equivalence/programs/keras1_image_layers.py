"""The rarer layers of images: dilated, transposed and separable convolutions, all with their old names."""
# sources: 1.2.2
import numpy as np
from keras.layers import (AtrousConvolution2D, Convolution2D, Cropping2D, Deconvolution2D, GlobalAveragePooling2D, Input,
                          SeparableConvolution2D, UpSampling2D, ZeroPadding2D)
from keras.layers import GlobalMaxPooling2D, SpatialDropout2D
from keras.models import Model, Sequential
from recording import fix_weights, keep

X = np.random.RandomState(106).rand(2, 8, 7, 2)

model = Sequential()
model.add(AtrousConvolution2D(3, 3, 3, atrous_rate=(2, 2), border_mode='same', activation='relu',
                              input_shape=(8, 7, 2)))
model.add(SeparableConvolution2D(4, 3, 3, border_mode='same', depth_multiplier=2))
model.add(SpatialDropout2D(p=0.3))
model.add(Cropping2D(cropping=((1, 0), (1, 1))))
model.add(UpSampling2D(size=(2, 1)))
model.add(ZeroPadding2D(padding=(1, 1), dim_ordering='tf'))
model.add(GlobalMaxPooling2D())
fix_weights(model)
model.compile('sgd', 'mse')
keep('predictions', model.predict(X))

image = Input(batch_shape=(2, 8, 7, 2))
hidden = Convolution2D(4, 3, 3, subsample=(2, 2), border_mode='same')(image)
same = Deconvolution2D(3, 3, 3, output_shape=(2, 8, 8, 3), subsample=(2, 2), border_mode='same')(hidden)
valid = Deconvolution2D(2, 4, 3, output_shape=(2, 10, 9, 2), subsample=(2, 2), border_mode='valid',
                        activation='relu', bias=False)(hidden)
decoder = Model(input=image, output=[same, valid, GlobalAveragePooling2D()(same)])
fix_weights(decoder, 'decoder')
larger, largest, mean = decoder.predict(X, batch_size=2)
keep('larger', larger[0, :4])
keep('largest', largest[0, 5:])
keep('mean', mean)
