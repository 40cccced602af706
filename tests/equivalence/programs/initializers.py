"""Every initializer: the exact ones by value, the random ones by their bounds and spread."""
import numpy as np
from keras import backend as K
from keras import initializers
from keras.initializers import (Constant, Identity, Ones, Orthogonal, RandomNormal, RandomUniform, TruncatedNormal,
                                VarianceScaling, Zeros, glorot_normal, glorot_uniform, he_normal, he_uniform,
                                lecun_normal, lecun_uniform)
from keras.layers import Dense
from keras.models import Sequential
from recording import keep


def weights(initializer, shape=(60, 40)):
    model = Sequential([Dense(shape[1], input_dim=shape[0], kernel_initializer=initializer, use_bias=False)])
    return model.get_weights()[0]


keep('zeros', weights('zeros', (2, 3)))
keep('zero', weights('zero', (2, 3)))
keep('Zeros', weights(Zeros(), (2, 3)))
keep('ones', weights('ones', (2, 3)))
keep('one', weights('one', (2, 3)))
keep('Ones', weights(Ones(), (2, 3)))
keep('constant', weights(Constant(value=0.3), (2, 3)))
keep('identity', weights(Identity(gain=2.), (3, 3)))
keep('named identity', weights('identity', (3, 3)))
orthogonal = weights(Orthogonal(gain=1.5), (6, 4))
keep('orthogonal', orthogonal.T.dot(orthogonal))
named = weights('orthogonal', (5, 5))
keep('named orthogonal', named.T.dot(named))


def spread(values):
    return [round(float(values.std()), 2), round(float(np.abs(values).max()), 1)]


keep('RandomNormal', abs(weights(RandomNormal(mean=0.5, stddev=0.1)).mean() - 0.5) < 0.01)
keep('normal', abs(weights('normal').std() - 0.05) < 0.005)
keep('random_normal', abs(weights('random_normal').std() - 0.05) < 0.005)
keep('RandomUniform', np.abs(weights(RandomUniform(-0.2, 0.2))).max() <= 0.2)
keep('uniform', 0.049 < np.abs(weights('uniform')).max() <= 0.05)
keep('random_uniform', 0.049 < np.abs(weights('random_uniform')).max() <= 0.05)
keep('TruncatedNormal', np.abs(weights(TruncatedNormal(stddev=0.1))).max() <= 0.2)
keep('truncated_normal', np.abs(weights('truncated_normal')).max() <= 0.1)
limit = np.sqrt(6. / 100)
keep('glorot_uniform', 0.99 * limit < np.abs(weights('glorot_uniform')).max() <= limit)
keep('glorot_uniform()', 0.99 * limit < np.abs(weights(glorot_uniform(seed=1))).max() <= limit)
keep('he_uniform', 0.31 < np.abs(weights('he_uniform')).max() <= np.sqrt(6. / 60))
keep('he_uniform()', 0.31 < np.abs(weights(he_uniform())).max() <= np.sqrt(6. / 60))
keep('lecun_uniform', 0.22 < np.abs(weights('lecun_uniform')).max() <= np.sqrt(3. / 60))
keep('lecun_uniform()', 0.22 < np.abs(weights(lecun_uniform())).max() <= np.sqrt(3. / 60))


def truncated_with(values, variance):
    """Whether values are of a normal distribution of that variance, cut off at two standard deviations."""
    stddev = np.sqrt(variance) / .87962566103423978
    return abs(values.std() - np.sqrt(variance)) < 0.05 * np.sqrt(variance) and np.abs(values).max() <= 2 * stddev + 1e-6


keep('glorot_normal', truncated_with(weights('glorot_normal'), 2. / 100))
keep('glorot_normal()', truncated_with(weights(glorot_normal()), 2. / 100))
keep('he_normal', truncated_with(weights('he_normal'), 2. / 60))
keep('he_normal()', truncated_with(weights(he_normal(seed=2)), 2. / 60))
keep('lecun_normal', truncated_with(weights('lecun_normal'), 1. / 60))
keep('lecun_normal()', truncated_with(weights(lecun_normal()), 1. / 60))
scaled = weights(VarianceScaling(scale=2.0, mode='fan_avg', distribution='normal'))
keep('VarianceScaling', truncated_with(scaled, 2. / 50))
uniform = weights(VarianceScaling(scale=1.0, mode='fan_out', distribution='uniform'))
keep('VarianceScaling uniform', 0.26 < np.abs(uniform).max() <= np.sqrt(3. / 40))
keep('got', K.eval(initializers.get('ones')((2, 2))))
