"""`lstm_seq2seq.py`: encoder and decoder share their layers between training and sampling."""
import numpy as np
from keras.layers import Dense, Input, LSTM
from keras.models import Model
from keras.optimizers import SGD
from recording import fix_weights, keep, keep_history

latent_dim, num_tokens = 5, 6
rng = np.random.RandomState(27)
encoder_data = np.eye(num_tokens)[rng.randint(num_tokens, size=(8, 4))]
decoder_data = np.eye(num_tokens)[rng.randint(num_tokens, size=(8, 3))]
target_data = np.eye(num_tokens)[rng.randint(num_tokens, size=(8, 3))]

encoder_inputs = Input(shape=(None, num_tokens))
encoder = LSTM(latent_dim, return_state=True)
encoder_outputs, state_h, state_c = encoder(encoder_inputs)
encoder_states = [state_h, state_c]
decoder_inputs = Input(shape=(None, num_tokens))
decoder_lstm = LSTM(latent_dim, return_sequences=True, return_state=True)
decoder_outputs, _, _ = decoder_lstm(decoder_inputs, initial_state=encoder_states)
decoder_dense = Dense(num_tokens, activation='softmax')
decoder_outputs = decoder_dense(decoder_outputs)
model = Model([encoder_inputs, decoder_inputs], decoder_outputs)
fix_weights(model)
model.compile(optimizer=SGD(lr=0.1), loss='categorical_crossentropy', metrics=['accuracy'])
keep('predictions', model.predict([encoder_data, decoder_data])[:3])
keep_history(model.fit([encoder_data, decoder_data], target_data, batch_size=4, epochs=2, shuffle=False, verbose=0,
                       validation_split=0.25))

encoder_model = Model(encoder_inputs, encoder_states)
decoder_state_input_h = Input(shape=(latent_dim,))
decoder_state_input_c = Input(shape=(latent_dim,))
decoder_states_inputs = [decoder_state_input_h, decoder_state_input_c]
decoder_outputs, state_h, state_c = decoder_lstm(decoder_inputs, initial_state=decoder_states_inputs)
decoder_states = [state_h, state_c]
decoder_outputs = decoder_dense(decoder_outputs)
decoder_model = Model([decoder_inputs] + decoder_states_inputs, [decoder_outputs] + decoder_states)

states_value = encoder_model.predict(encoder_data[:1])
target_seq = np.zeros((1, 1, num_tokens))
target_seq[0, 0, 0] = 1.
decoded = []
for _ in range(4):
    output_tokens, h, c = decoder_model.predict([target_seq] + states_value)
    token = int(np.argmax(output_tokens[0, -1, :]))
    decoded.append(token)
    target_seq = np.zeros((1, 1, num_tokens))
    target_seq[0, 0, token] = 1.
    states_value = [h, c]
keep('decoded', decoded)
