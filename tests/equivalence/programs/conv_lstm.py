"""Frames of a film, as `conv_lstm.py` of Keras' examples has them."""
import numpy as np
from keras.layers import BatchNormalization, Conv3D, ConvLSTM2D
from keras.models import Sequential
from recording import fix_weights, keep

x = np.random.RandomState(19).rand(2, 3, 5, 5, 1)
seq = Sequential()
seq.add(ConvLSTM2D(filters=3, kernel_size=(3, 3), input_shape=(None, 5, 5, 1), padding='same', return_sequences=True))
seq.add(BatchNormalization())
seq.add(ConvLSTM2D(filters=2, kernel_size=(3, 3), padding='same', return_sequences=True))
seq.add(Conv3D(filters=1, kernel_size=(3, 3, 3), activation='sigmoid', padding='same', data_format='channels_last'))
fix_weights(seq)
seq.compile(loss='binary_crossentropy', optimizer='adadelta')
keep('predictions', seq.predict(x))
