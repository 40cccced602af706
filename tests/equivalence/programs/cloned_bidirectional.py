"""What is pinned has to survive being made again from a configuration."""
import numpy as np
from keras.layers import Bidirectional, Dense, GRU, LSTM, Input
from keras.models import Model, Sequential, clone_model, model_from_json
from recording import fix_weights, keep

x = np.random.RandomState(30).normal(size=(3, 5, 2))
model = Sequential()
model.add(Bidirectional(LSTM(3, return_sequences=True), input_shape=(5, 2)))
model.add(GRU(4, return_sequences=False))
model.add(Dense(2, activation='hard_sigmoid'))
fix_weights(model)
keep('predictions', model.predict(x))
clone = clone_model(model)
clone.set_weights(model.get_weights())
keep('clone', clone.predict(x))
again = Sequential.from_config(model.get_config())
again.set_weights(model.get_weights())
keep('from its configuration', again.predict(x))
json_string = model.to_json()
parsed = model_from_json(json_string)
parsed.set_weights(model.get_weights())
keep('from json', parsed.predict(x))
