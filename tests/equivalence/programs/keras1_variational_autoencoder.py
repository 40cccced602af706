"""`variational_autoencoder.py`: a loss that takes tensors of the model, without noise here."""
# sources: 1.2.2
import numpy as np
from keras.layers import Input, Dense, Lambda
from keras.models import Model
from keras import backend as K
from keras import objectives
from recording import fix_weights, keep, keep_history

batch_size = 4
original_dim = 8
latent_dim = 2
intermediate_dim = 6
epsilon_std = 0.

x = Input(batch_shape=(batch_size, original_dim))
h = Dense(intermediate_dim, activation='relu')(x)
z_mean = Dense(latent_dim)(h)
z_log_var = Dense(latent_dim)(h)


def sampling(args):
    z_mean, z_log_var = args
    epsilon = K.random_normal(shape=(batch_size, latent_dim), mean=0., std=epsilon_std)
    return z_mean + K.exp(z_log_var / 2) * epsilon


z = Lambda(sampling, output_shape=(latent_dim,))([z_mean, z_log_var])
decoder_h = Dense(intermediate_dim, activation='relu')
decoder_mean = Dense(original_dim, activation='sigmoid')
h_decoded = decoder_h(z)
x_decoded_mean = decoder_mean(h_decoded)


def vae_loss(x, x_decoded_mean):
    xent_loss = original_dim * objectives.binary_crossentropy(x, x_decoded_mean)
    kl_loss = - 0.5 * K.sum(1 + z_log_var - K.square(z_mean) - K.exp(z_log_var), axis=-1)  # manual: KM531
    return xent_loss + kl_loss


vae = Model(x, x_decoded_mean)
fix_weights(vae)
vae.compile(optimizer='rmsprop', loss=vae_loss)
x_train = np.random.RandomState(143).rand(8, original_dim)
keep('decoded', vae.predict(x_train, batch_size=batch_size))
keep_history(vae.fit(x_train, x_train, shuffle=False, nb_epoch=2, batch_size=batch_size, verbose=0))

decoder_input = Input(shape=(latent_dim,))
generator = Model(decoder_input, decoder_mean(decoder_h(decoder_input)))
keep('encoder', Model(x, z_mean).predict(x_train, batch_size=batch_size).shape)
