"""Layers over one dimension of time, as text networks of 2016 stacked them."""
# sources: 1.2.2
import numpy as np
from keras.models import Sequential
from keras.layers import (Activation, AtrousConvolution1D, AveragePooling1D, Convolution1D, Cropping1D, Dense,
                          Embedding, Flatten, GlobalMaxPooling1D, MaxPooling1D, UpSampling1D,
                          ZeroPadding1D)
from recording import fix_weights, keep, keep_history

rng = np.random.RandomState(104)
max_features, maxlen = 15, 14
X = rng.randint(1, max_features, size=(8, maxlen))
y = rng.randint(0, 2, size=(8, 1))

model = Sequential()
model.add(Embedding(max_features, 5, input_length=maxlen))
model.add(Convolution1D(nb_filter=4, filter_length=3, border_mode='valid', activation='relu', subsample_length=1))
model.add(MaxPooling1D(pool_length=2))
model.add(ZeroPadding1D(2))
model.add(Convolution1D(6, 2, init='uniform', border_mode='same', subsample_length=2))
model.add(Activation('tanh'))
model.add(UpSampling1D(length=3))
model.add(AtrousConvolution1D(4, 3, atrous_rate=2, border_mode='same'))
model.add(Cropping1D((1, 2)))
model.add(AveragePooling1D(pool_length=3, stride=2, border_mode='valid'))
model.add(Flatten())
model.add(Dense(1))
model.add(Activation('sigmoid'))
fix_weights(model)
model.compile(loss='binary_crossentropy', optimizer='sgd', metrics=['accuracy'])
keep('predictions', model.predict(X))
keep_history(model.fit(X, y, batch_size=4, nb_epoch=2, verbose=0, shuffle=False))

model = Sequential()
model.add(Embedding(max_features, 4, input_length=maxlen, init='normal', dropout=0.))
model.add(Convolution1D(5, 3, activation='relu'))
model.add(GlobalMaxPooling1D())
fix_weights(model, 'pooled')
model.compile('sgd', 'mse')
keep('pooled', model.predict(X[:3]))
