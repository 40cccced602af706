"""Three-dimensional layers."""
import numpy as np
from keras.layers import (AveragePooling3D, Conv3D, Conv3DTranspose, Cropping3D, Dense, GlobalAveragePooling3D,
                          GlobalMaxPooling3D, Input, MaxPooling3D, SpatialDropout3D, UpSampling3D, ZeroPadding3D, concatenate)
from keras.models import Model
from recording import fix_weights, keep

x = np.random.RandomState(15).normal(size=(2, 6, 6, 6, 2))
inputs = Input(shape=(6, 6, 6, 2))
h = Conv3D(3, (3, 3, 3), activation='relu', padding='same')(inputs)
h = MaxPooling3D(pool_size=(2, 2, 2))(h)
h = UpSampling3D(size=(2, 1, 2))(h)
h = ZeroPadding3D(padding=(1, 1, 1))(h)
h = Conv3DTranspose(2, kernel_size=2, strides=(1, 2, 1))(h)
h = SpatialDropout3D(0.3)(h)
h = Cropping3D(cropping=((1, 1), (2, 2), (0, 1)))(h)
h = AveragePooling3D(pool_size=2, padding='same')(h)
outputs = Dense(2)(concatenate([GlobalAveragePooling3D()(h), GlobalMaxPooling3D()(h)]))
model = Model(inputs, outputs)
fix_weights(model)
keep('predictions', model.predict(x))
