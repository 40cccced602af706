"""predict_classes and predict_proba, for one output and for several."""
import numpy as np
from keras.layers import Activation, Dense
from keras.models import Sequential
from recording import fix_weights, keep

x = np.random.RandomState(89).normal(size=(6, 4))
several = Sequential()
several.add(Dense(5, input_dim=4, activation='relu'))
several.add(Dense(3))
several.add(Activation('softmax'))
fix_weights(several, 'several')
keep('classes', several.predict_classes(x))
keep('probabilities', several.predict_proba(x, batch_size=2, verbose=0))
one = Sequential([Dense(1, activation='sigmoid', input_dim=4)])
fix_weights(one, 'one')
keep('one class', one.predict_classes(x, batch_size=3))
keep('probability', one.predict_proba(x))
