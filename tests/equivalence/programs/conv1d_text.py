"""One-dimensional convolution, pooling, padding, cropping and upsampling."""
import numpy as np
from keras.layers import (AveragePooling1D, Conv1D, Cropping1D, Dense, GlobalAveragePooling1D, GlobalMaxPooling1D, Input,
                          MaxPooling1D, SeparableConv1D, UpSampling1D, ZeroPadding1D, concatenate)
from keras.models import Model
from recording import fix_weights, keep, keep_history

rng = np.random.RandomState(14)
x = rng.normal(size=(6, 12, 3))
inputs = Input(shape=(12, 3))
h = Conv1D(filters=4, kernel_size=3, padding='causal', dilation_rate=2, activation='relu')(inputs)
h = ZeroPadding1D(padding=1)(h)
h = MaxPooling1D(pool_size=2)(h)
h = UpSampling1D(size=2)(h)
h = Cropping1D((1, 2))(h)
h = SeparableConv1D(5, 3, depth_multiplier=2, padding='same', activation='tanh')(h)
h = AveragePooling1D(2, strides=1, padding='same')(h)
outputs = Dense(1)(concatenate([GlobalMaxPooling1D()(h), GlobalAveragePooling1D()(h)]))
model = Model(inputs=[inputs], outputs=[outputs])
fix_weights(model)
keep('predictions', model.predict(x))
model.compile(loss='mean_squared_error', optimizer='sgd')
keep_history(model.fit(x, x.mean(axis=(1, 2)), batch_size=3, epochs=2, shuffle=False, verbose=0))
