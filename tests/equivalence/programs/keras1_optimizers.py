"""Every optimizer by its class, with what papers and examples of the time gave it."""
# sources: 1.2.2
import numpy as np
from keras.layers import Dense
from keras.models import Sequential
from keras.optimizers import SGD, Adadelta, Adagrad, Adam, Adamax, Nadam, RMSprop
from recording import fix_weights, keep_raced, keep_training

rng = np.random.RandomState(125)
X = rng.normal(size=(12, 4))
y = X.dot(rng.normal(size=(4, 1)))


def network(name):
    model = Sequential()
    model.add(Dense(5, input_dim=4, activation='tanh'))
    model.add(Dense(1))
    fix_weights(model, name)
    return model


def losses(model):
    return model.fit(X, y, batch_size=4, nb_epoch=3, shuffle=False, verbose=0).history['loss']


model = network('sgd')
sgd = SGD(lr=0.1, momentum=0.9, nesterov=True)
model.compile(loss='mean_squared_error', optimizer=sgd)
keep_training('losses of sgd', losses(model))
model = network('decayed sgd')
model.compile(loss='mean_squared_error', optimizer=SGD(lr=0.1, decay=1e-2, momentum=0.5, clipnorm=1.))
keep_raced('losses of decayed sgd', losses(model))
model = network('clipped sgd')
model.compile(loss='mse', optimizer=SGD(0.1, 0.5, clipvalue=0.5))
keep_training('losses of clipped sgd', losses(model))
model = network('rmsprop')
model.compile(loss='mse', optimizer=RMSprop(lr=0.01, rho=0.9, epsilon=1e-08))
keep_training('losses of rmsprop', losses(model))
model = network('rmsprop by default')
model.compile(loss='mse', optimizer=RMSprop())
keep_training('losses of rmsprop by default', losses(model))
model = network('adagrad')
model.compile(loss='mse', optimizer=Adagrad(lr=0.05))
keep_training('losses of adagrad', losses(model))
model = network('adagrad by default')
model.compile(loss='mse', optimizer=Adagrad())
keep_training('losses of adagrad by default', losses(model))
model = network('adadelta')
model.compile(loss='mse', optimizer=Adadelta())
keep_training('losses of adadelta', losses(model))
model = network('adam')
model.compile(loss='mse', optimizer=Adam(lr=0.01, beta_1=0.5))
keep_raced('losses of adam', losses(model))
model = network('adamax')
model.compile(loss='mse', optimizer=Adamax())
keep_raced('losses of adamax', losses(model))
model = network('nadam')
model.compile(loss='mse', optimizer=Nadam(lr=0.002, beta_1=0.9, beta_2=0.999, epsilon=1e-08, schedule_decay=0.004))
keep_raced('losses of nadam', losses(model))
