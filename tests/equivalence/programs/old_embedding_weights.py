"""Weights of a recommender with a shared table that the old stack saved."""
import numpy as np
from keras.layers import Dense, Embedding, Flatten, Input, Multiply, Dot
from keras.models import Model
from keras.regularizers import l2
from recording import keep, old_weights

user_input = Input(shape=(1,), dtype='int32', name='user_input')
item_input = Input(shape=(1,), dtype='int32', name='item_input')
users = Embedding(input_dim=6, output_dim=4, name='user_embedding', embeddings_regularizer=l2(1e-4), input_length=1)
items = Embedding(input_dim=7, output_dim=4, name='item_embedding', embeddings_initializer='uniform', input_length=1)
user_latent = Flatten()(users(user_input))
item_latent = Flatten()(items(item_input))
prediction = Dense(1, activation='sigmoid', kernel_initializer='lecun_uniform', name='prediction')(
    Multiply()([user_latent, item_latent]))
model = Model(inputs=[user_input, item_input], outputs=[prediction, Dot(axes=1)([user_latent, item_latent])])
old_weights(model, 'recommender.h5')
model.load_weights('recommender.h5')
probability, score = model.predict([np.array([[0], [5], [3]]), np.array([[6], [0], [2]])])
keep('probability', probability)
keep('score', score)
