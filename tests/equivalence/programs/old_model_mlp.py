"""A whole model that the old stack saved, compiled with Adam."""
import numpy as np
from keras.layers import BatchNormalization, Dense, Dropout
from keras.models import Sequential, load_model
from keras.optimizers import Adam
from recording import keep, old_model

x = np.random.RandomState(63).normal(size=(3, 4))
trained = Sequential()
trained.add(Dense(5, activation='relu', input_shape=(4,)))
trained.add(BatchNormalization())
trained.add(Dropout(0.3))
trained.add(Dense(2, activation='softmax'))
trained.compile(loss='categorical_crossentropy', optimizer=Adam(lr=1e-3), metrics=['accuracy'])
old_model(trained, 'model.h5')
model = load_model('model.h5', compile=False)  # review on 2.21: KM613
keep('predictions', model.predict(x))
