"""Weights of a functional model with a model inside it that the old stack saved."""
import numpy as np
from keras.layers import BatchNormalization, Dense, Input, PReLU, concatenate
from keras.models import Model, Sequential
from recording import keep, old_weights

base = Sequential(name='base')
base.add(Dense(4, input_dim=3))
base.add(BatchNormalization())
base.add(PReLU())
left, right = Input((3,)), Input((3,))
joined = concatenate([base(left), base(right)])
model = Model([left, right], Dense(1)(joined))
old_weights(model, 'siamese.h5')
model.load_weights('siamese.h5')
rng = np.random.RandomState(60)
keep('predictions', model.predict([rng.normal(size=(4, 3)), rng.normal(size=(4, 3))]))
