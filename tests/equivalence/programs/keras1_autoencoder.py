"""The blog on autoencoders: convolutions down and up, an encoder that shares its layers, a decoder of the last one."""
# sources: 1.2.2
import numpy as np
from keras import regularizers
from keras.layers import Input, Dense, Convolution2D, MaxPooling2D, UpSampling2D
from keras.models import Model
from recording import fix_weights, keep, keep_history

rng = np.random.RandomState(139)
x_train = rng.rand(6, 8, 8, 1)

input_img = Input(shape=(8, 8, 1))
x = Convolution2D(4, 3, 3, activation='relu', border_mode='same')(input_img)
x = MaxPooling2D((2, 2), border_mode='same')(x)
x = Convolution2D(3, 3, 3, activation='relu', border_mode='same')(x)
encoded = MaxPooling2D((2, 2), border_mode='same')(x)
x = Convolution2D(3, 3, 3, activation='relu', border_mode='same')(encoded)
x = UpSampling2D((2, 2))(x)
x = Convolution2D(4, 3, 3, activation='relu', border_mode='same')(x)
x = UpSampling2D((2, 2))(x)
decoded = Convolution2D(1, 3, 3, activation='sigmoid', border_mode='same')(x)
autoencoder = Model(input_img, decoded)
fix_weights(autoencoder)
autoencoder.compile(optimizer='adadelta', loss='binary_crossentropy')
keep('decoded', autoencoder.predict(x_train)[:, 2:4])
keep_history(autoencoder.fit(x_train, x_train, nb_epoch=2, batch_size=3, shuffle=False, verbose=0))

encoding_dim = 4
input_vector = Input(shape=(10,))
encoded = Dense(encoding_dim, activation='relu')(input_vector)
decoded = Dense(10, activation='sigmoid')(encoded)
autoencoder = Model(input=input_vector, output=decoded)
encoder = Model(input=input_vector, output=encoded)
encoded_input = Input(shape=(encoding_dim,))
decoder_layer = autoencoder.layers[-1]
decoder = Model(input=encoded_input, output=decoder_layer(encoded_input))
fix_weights(autoencoder, 'dense')
vectors = rng.rand(3, 10)
keep('codes', encoder.predict(vectors))
keep('vectors', decoder.predict(encoder.predict(vectors)))
