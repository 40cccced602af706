"""`conv_lstm.py` of 2016: frames predicted from frames, with rows and columns."""
# sources: 1.2.2
import numpy as np
from keras.models import Sequential
from keras.layers.convolutional import Convolution3D
from keras.layers.convolutional_recurrent import ConvLSTM2D
from keras.layers.normalization import BatchNormalization
from recording import fix_weights, keep

X = np.random.RandomState(112).rand(2, 3, 5, 5, 1)

seq = Sequential()
seq.add(ConvLSTM2D(nb_filter=3, nb_row=3, nb_col=3,
                   input_shape=(None, 5, 5, 1),
                   border_mode='same', return_sequences=True))
seq.add(BatchNormalization())
seq.add(ConvLSTM2D(nb_filter=2, nb_row=3, nb_col=3, inner_activation='sigmoid', forget_bias_init='zero',
                   border_mode='same', return_sequences=True))
seq.add(Convolution3D(nb_filter=1, kernel_dim1=1, kernel_dim2=3,
                      kernel_dim3=3, activation='sigmoid',
                      border_mode='same', dim_ordering='tf'))
fix_weights(seq)
seq.compile(loss='binary_crossentropy', optimizer='adadelta')
keep('predictions', seq.predict(X))
