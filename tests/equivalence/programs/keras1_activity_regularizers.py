"""Penalties for what layers give, summed over the batch in Keras 1 and divided by its size since."""
# sources: 1.2.2
import numpy as np
from keras.layers import Dense
from keras.models import Sequential
from keras.regularizers import activity_l1, activity_l2
from recording import fix_weights, keep

rng = np.random.RandomState(155)
X, y = rng.normal(size=(4, 5)), rng.normal(size=(4, 2))
model = Sequential()
model.add(Dense(4, input_dim=5, activity_regularizer=activity_l2(0.01)))  # manual: KM306
model.add(Dense(2, activity_regularizer=activity_l1(0.02)))  # manual: KM306
fix_weights(model)
model.compile('sgd', 'mse')
keep('loss', model.evaluate(X, y, batch_size=4, verbose=0))
