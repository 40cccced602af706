"""`mnist_cnn.py` with the branch on the order of dimensions, border modes and subsampling."""
# sources: 1.2.2
import numpy as np
from keras.models import Sequential
from keras.layers import Dense, Dropout, Activation, Flatten
from keras.layers import Convolution2D, MaxPooling2D, AveragePooling2D
from keras.utils import np_utils
from keras import backend as K
from recording import fix_weights, keep, keep_history

img_rows, img_cols = 9, 9
nb_filters = 4
pool_size = (2, 2)
kernel_size = (3, 3)

rng = np.random.RandomState(103)
X_train = rng.rand(12, img_rows, img_cols)
y_train = rng.randint(0, 4, 12)

if K.image_dim_ordering() == 'th':
    X_train = X_train.reshape(X_train.shape[0], 1, img_rows, img_cols)
    input_shape = (1, img_rows, img_cols)
else:
    X_train = X_train.reshape(X_train.shape[0], img_rows, img_cols, 1)
    input_shape = (img_rows, img_cols, 1)
Y_train = np_utils.to_categorical(y_train, 4)

model = Sequential()
model.add(Convolution2D(nb_filters, kernel_size[0], kernel_size[1], border_mode='valid', input_shape=input_shape))
model.add(Activation('relu'))
model.add(Convolution2D(nb_filters, kernel_size[0], kernel_size[1], border_mode='same', subsample=(2, 2), bias=False))
model.add(Activation('relu'))
model.add(Convolution2D(nb_filter=5, nb_row=2, nb_col=3, init='glorot_normal', border_mode='same', dim_ordering='tf'))
model.add(AveragePooling2D(pool_size=(2, 2), strides=(1, 1), border_mode='same'))
model.add(MaxPooling2D(pool_size=pool_size))
model.add(Dropout(0.))
model.add(Flatten())
model.add(Dense(8))
model.add(Activation('relu'))
model.add(Dense(4))
model.add(Activation('softmax'))
fix_weights(model)

model.compile(loss='categorical_crossentropy', optimizer='sgd', metrics=['accuracy'])
keep('predictions', model.predict(X_train))
keep_history(model.fit(X_train, Y_train, batch_size=4, nb_epoch=2, verbose=0, shuffle=False))
