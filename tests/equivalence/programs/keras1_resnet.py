"""Blocks of `resnet50.py` in Keras 1: branches that are summed, normalised along the axis of channels."""
# sources: 1.2.2
import numpy as np
from keras import backend as K
from keras.layers import Activation, AveragePooling2D, BatchNormalization, Convolution2D, Dense, Flatten, Input, merge
from keras.models import Model
from recording import fix_weights, keep


def identity_block(input_tensor, kernel_size, filters, stage, block):
    nb_filter1, nb_filter2, nb_filter3 = filters
    if K.image_dim_ordering() == 'tf':
        bn_axis = 3
    else:
        bn_axis = 1
    conv_name_base = 'res' + str(stage) + block + '_branch'
    bn_name_base = 'bn' + str(stage) + block + '_branch'

    x = Convolution2D(nb_filter1, 1, 1, name=conv_name_base + '2a')(input_tensor)
    x = BatchNormalization(axis=bn_axis, name=bn_name_base + '2a')(x)
    x = Activation('relu')(x)
    x = Convolution2D(nb_filter2, kernel_size, kernel_size, border_mode='same', name=conv_name_base + '2b')(x)
    x = BatchNormalization(axis=bn_axis, name=bn_name_base + '2b')(x)
    x = Activation('relu')(x)
    x = Convolution2D(nb_filter3, 1, 1, name=conv_name_base + '2c')(x)
    x = BatchNormalization(axis=bn_axis, name=bn_name_base + '2c')(x)
    x = merge([x, input_tensor], mode='sum')
    x = Activation('relu')(x)
    return x


def conv_block(input_tensor, nb_filter, strides=(2, 2)):
    x = Convolution2D(nb_filter, 3, 3, subsample=strides, border_mode='same', init='he_normal')(input_tensor)
    x = BatchNormalization(axis=-1)(x)
    shortcut = Convolution2D(nb_filter, 1, 1, subsample=strides, bias=False)(input_tensor)
    return Activation('relu')(merge([x, shortcut], mode='sum'))


img_input = Input(shape=(8, 8, 3))
x = Convolution2D(4, 3, 3, border_mode='same')(img_input)
x = identity_block(x, 3, [2, 3, 4], stage=2, block='a')
x = conv_block(x, 5)
x = AveragePooling2D((2, 2), name='avg_pool')(x)
x = Dense(3, activation='softmax', name='fc3')(Flatten()(x))
model = Model(img_input, x)
fix_weights(model)
model.compile('sgd', 'categorical_crossentropy')
keep('predictions', model.predict(np.random.RandomState(141).rand(3, 8, 8, 3)))
