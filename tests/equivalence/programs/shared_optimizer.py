"""One optimizer compiled into two models that are trained in turn, and again into one that was trained."""
import numpy as np
from keras.layers import Dense, Input
from keras.models import Model, Sequential
from keras.optimizers import SGD
from recording import fix_weights, keep, keep_training

rng = np.random.RandomState(82)
images, noise = rng.normal(size=(8, 4)), rng.normal(size=(8, 3))

opt = SGD(lr=0.1, momentum=0.9)
discriminator = Sequential([Dense(6, activation='tanh', input_shape=(4,)), Dense(1, activation='sigmoid')])
fix_weights(discriminator, 'discriminator')
discriminator.compile(loss='binary_crossentropy', optimizer=opt)
generator = Sequential([Dense(6, activation='tanh', input_shape=(3,)), Dense(4)])
fix_weights(generator, 'generator')
z = Input(shape=(3,))
discriminator.trainable = False
gan = Model(z, discriminator(generator(z)))
gan.compile(loss='binary_crossentropy', optimizer=opt)

losses = []
for _ in range(4):
    fake = generator.predict(noise)
    losses.append(discriminator.train_on_batch(images, np.ones((8, 1))))
    losses.append(discriminator.train_on_batch(fake, np.zeros((8, 1))))
    losses.append(gan.train_on_batch(noise, np.ones((8, 1))))
keep_training('losses of both', losses)

again = SGD(lr=0.05, momentum=0.8)
model = Sequential([Dense(5, activation='tanh', input_shape=(4,)), Dense(2)])
fix_weights(model)
model.layers[0].trainable = False
model.compile(again, 'mse')
targets = rng.normal(size=(8, 2))
frozen = [model.train_on_batch(images, targets) for _ in range(3)]
model.layers[0].trainable = True
model.compile(again, 'mse')
keep_training('losses of fine tuning', frozen + [model.train_on_batch(images, targets) for _ in range(3)])
keep('features', model.predict(images).shape)
