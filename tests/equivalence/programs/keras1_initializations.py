"""Initialisations by their old names: how far the weights of a large layer spread."""
# sources: 1.2.2
import numpy as np
from keras.layers import Dense, Embedding
from keras.models import Sequential
from recording import keep


def spread(layer, size):
    """The standard deviation, as far as a sample of this size tells."""
    model = Sequential()
    model.add(layer)
    model.compile('sgd', 'mse')
    weights = model.layers[0].get_weights()[0]
    keep('deviation of ' + layer.name, int(round(float(np.std(weights)) * size)))


spread(Dense(300, init='glorot_uniform', input_dim=300, name='glorot_uniform'), 100)
spread(Dense(300, init='he_uniform', input_dim=300, name='he_uniform'), 100)
spread(Dense(300, init='lecun_uniform', input_dim=300, name='lecun_uniform'), 100)
spread(Dense(300, init='uniform', input_dim=300, name='uniform'), 100)
spread(Dense(300, init='normal', input_dim=300, name='normal'), 100)
spread(Dense(300, init='glorot_normal', input_dim=300, name='glorot_normal'), 100)
spread(Dense(300, init='he_normal', input_dim=300, name='he_normal'), 100)
spread(Embedding(300, 300, input_length=1, name='embedding'), 100)
