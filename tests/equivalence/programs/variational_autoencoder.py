"""`variational_autoencoder.py`: a loss of the model's own tensors, added to it."""
import numpy as np
from keras import backend as K
from keras.layers import Dense, Input, Lambda
from keras.losses import binary_crossentropy
from keras.models import Model
from recording import fix_weights, keep, keep_history


def sampling(args):
    z_mean, z_log_var = args
    batch = K.shape(z_mean)[0]
    dim = K.int_shape(z_mean)[1]
    epsilon = 0. * K.random_normal(shape=(batch, dim))
    return z_mean + K.exp(0.5 * z_log_var) * epsilon


x = np.random.RandomState(82).rand(8, 6)
inputs = Input(shape=(6,), name='encoder_input')
h = Dense(5, activation='relu')(inputs)
z_mean = Dense(2, name='z_mean')(h)
z_log_var = Dense(2, name='z_log_var')(h)
z = Lambda(sampling, output_shape=(2,), name='z')([z_mean, z_log_var])
encoder = Model(inputs, [z_mean, z_log_var, z], name='encoder')
latent_inputs = Input(shape=(2,), name='z_sampling')
outputs = Dense(6, activation='sigmoid')(Dense(5, activation='relu')(latent_inputs))
decoder = Model(latent_inputs, outputs, name='decoder')
outputs = decoder(encoder(inputs)[2])
vae = Model(inputs, outputs, name='vae_mlp')
fix_weights(vae)
keep('predictions', vae.predict(x))
reconstruction_loss = binary_crossentropy(inputs, outputs)
reconstruction_loss *= 6
kl_loss = 1 + z_log_var - K.square(z_mean) - K.exp(z_log_var)
kl_loss = K.sum(kl_loss, axis=-1)
kl_loss *= -0.5
vae_loss = K.mean(reconstruction_loss + kl_loss)
vae.add_loss(vae_loss)  # manual on 2.21: KM531
vae.compile(optimizer='sgd')
keep_history(vae.fit(x, epochs=2, batch_size=8, shuffle=False, verbose=0))
