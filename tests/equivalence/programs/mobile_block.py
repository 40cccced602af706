"""Depthwise and separable convolution, ReLU at 6, global pooling, a head by Reshape."""
import numpy as np
from keras.layers import (Activation, BatchNormalization, Conv2D, DepthwiseConv2D, Dropout, GlobalAveragePooling2D,
                          GlobalMaxPooling2D, Input, ReLU, Reshape, SeparableConv2D, SpatialDropout2D, add)
from keras.models import Model
from recording import fix_weights, keep

x = np.random.RandomState(17).rand(3, 9, 9, 3)
img_input = Input(shape=(9, 9, 3))
h = Conv2D(4, (3, 3), padding='same', use_bias=False, strides=(1, 1), name='conv1')(img_input)
h = BatchNormalization(axis=-1, name='conv1_bn')(h)
h = ReLU(6., name='conv1_relu')(h)
h = DepthwiseConv2D((3, 3), padding='same', depth_multiplier=2, strides=(2, 2), use_bias=False, name='conv_dw_1')(h)
h = BatchNormalization(axis=-1, scale=False)(h)
h = SpatialDropout2D(0.1)(h)
h = SeparableConv2D(6, (3, 3), padding='same', activation='relu')(h)
pooled = add([GlobalAveragePooling2D()(h), GlobalMaxPooling2D()(h)])
h = Reshape((1, 1, 6), name='reshape_1')(pooled)
h = Dropout(1e-3, name='dropout')(h)
h = Conv2D(3, (1, 1), padding='same', name='conv_preds')(h)
h = Activation('softmax', name='act_softmax')(h)
h = Reshape((3,), name='reshape_2')(h)
model = Model(img_input, h, name='mobile')
fix_weights(model)
keep('predictions', model.predict(x))
keep('name', model.name)
