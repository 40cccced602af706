"""A generative adversarial network: two compiled models, one of them frozen in the other, train_on_batch."""
# fails from 2.2.4: its BatchNormalization kept zero-debiased moving averages, which no release after it does
import numpy as np
from keras.layers import BatchNormalization, Dense, Flatten, Input, Reshape
from keras.layers.advanced_activations import LeakyReLU
from keras.models import Model, Sequential
from keras.optimizers import SGD
from recording import fix_weights, keep, keep_training

rng = np.random.RandomState(81)
images = rng.rand(8, 4, 4, 1)


def build_generator():
    model = Sequential()
    model.add(Dense(8, input_dim=5))
    model.add(LeakyReLU(alpha=0.2))
    model.add(BatchNormalization(momentum=0.8))
    model.add(Dense(16, activation='tanh'))
    model.add(Reshape((4, 4, 1)))
    noise = Input(shape=(5,))
    return Model(noise, model(noise))


def build_discriminator():
    model = Sequential()
    model.add(Flatten(input_shape=(4, 4, 1)))
    model.add(Dense(8))
    model.add(LeakyReLU(alpha=0.2))
    model.add(Dense(1, activation='sigmoid'))
    img = Input(shape=(4, 4, 1))
    return Model(img, model(img))


discriminator = build_discriminator()
fix_weights(discriminator, 'discriminator')
discriminator.compile(loss='binary_crossentropy', optimizer=SGD(0.1), metrics=['accuracy'])
generator = build_generator()
fix_weights(generator, 'generator')
z = Input(shape=(5,))
img = generator(z)
discriminator.trainable = False
valid = discriminator(img)
combined = Model(z, valid)
combined.compile(loss='binary_crossentropy', optimizer=SGD(0.1, 0.5))
keep('trainable', len(combined.trainable_weights))
noise = rng.normal(size=(8, 5))
keep('validity', combined.predict(noise))
d_losses, g_losses = [], []
for _ in range(3):
    gen_imgs = generator.predict(noise)
    d_loss_real = discriminator.train_on_batch(images, np.ones((8, 1)))
    d_loss_fake = discriminator.train_on_batch(gen_imgs, np.zeros((8, 1)))
    d_losses.append(0.5 * np.add(d_loss_real, d_loss_fake))
    g_losses.append(combined.train_on_batch(noise, np.ones((8, 1))))
keep_training('losses of the discriminator', d_losses)
keep_training('losses of the generator', g_losses)
keep('weights stay', list(discriminator.get_weights()[0].shape))
