"""An image autoencoder: transposed convolution, upsampling by repetition, cropping."""
import numpy as np
from keras.layers import Conv2D, Conv2DTranspose, Cropping2D, Deconvolution2D, Input, MaxPooling2D, UpSampling2D
from keras.models import Model
from keras.optimizers import SGD
from recording import fix_weights, keep, keep_history

x = np.random.RandomState(16).rand(6, 8, 8, 1)
image = Input(shape=(8, 8, 1))
h = Conv2D(4, (3, 3), activation='relu', padding='same')(image)
encoded = MaxPooling2D((2, 2), padding='same', name='code')(h)
h = Conv2DTranspose(3, (3, 3), strides=(2, 2), padding='same', activation='relu')(encoded)
h = Deconvolution2D(2, (2, 2), activation='tanh')(h)
h = UpSampling2D((2, 2))(h)
h = Cropping2D(cropping=((5, 5), (4, 6)))(h)
decoded = Conv2D(1, (3, 3), activation='sigmoid', padding='same')(h)
autoencoder = Model(image, decoded)
fix_weights(autoencoder)
encoder = Model(autoencoder.input, autoencoder.get_layer('code').output)
keep('codes', encoder.predict(x)[:2])
keep('decoded', autoencoder.predict(x)[:2])
autoencoder.compile(optimizer=SGD(lr=0.1, momentum=0.9), loss='binary_crossentropy')
keep_history(autoencoder.fit(x, x, epochs=2, batch_size=3, shuffle=False, verbose=0, validation_data=(x, x)))
