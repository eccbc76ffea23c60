"""Writes a language model for tests: `tiny_model.py OUT.gguf [LETTER]`.

Half a megabyte, two layers, a byte-level vocabulary, 8,192 tokens of context. It knows nothing; what is real about it is
the server around it: tokenizing, truncation, grammar-constrained output.

Its weights are random. With a LETTER it has made up its mind instead, whatever it is asked: of the tokens that a grammar allows it
takes the one that ends a text or a list, then a nine, then that letter. So an enumeration comes out as the value that starts with
the letter, a percentage as 99, and every text and list is empty.
"""

import sys

import gguf
import numpy as np

LETTER = sys.argv[2] if len(sys.argv) > 2 else ""
EMBEDDING, HEADS, LAYERS, FEED_FORWARD, CONTEXT = 64, 4, 2, 128, 65536 if LETTER else 8192

random = np.random.default_rng(0)
model = gguf.GGUFWriter(sys.argv[1], "llama")

# One token per byte, so that any text can be spelled, and one per printable character.
kinds = gguf.TokenType
vocabulary = [(b"<unk>", kinds.UNKNOWN, 0.0), (b"<s>", kinds.CONTROL, 0.0), (b"</s>", kinds.CONTROL, 0.0)]
vocabulary += [(f"<0x{byte:02X}>".encode(), kinds.BYTE, 0.0) for byte in range(256)]
characters = [chr(code) for code in range(33, 127)] + ["\u2581"]
vocabulary += [(character.encode(), kinds.NORMAL, -float(rank)) for rank, character in enumerate(characters)]
tokens, types, scores = zip(*vocabulary)

model.add_name("tiny")
model.add_context_length(CONTEXT)
model.add_embedding_length(EMBEDDING)
model.add_block_count(LAYERS)
model.add_feed_forward_length(FEED_FORWARD)
model.add_head_count(HEADS)
model.add_head_count_kv(HEADS)
model.add_layer_norm_rms_eps(1e-5)
model.add_rope_dimension_count(EMBEDDING // HEADS)
model.add_vocab_size(len(tokens))
model.add_file_type(gguf.LlamaFileType.ALL_F32)
model.add_tokenizer_model("llama")
model.add_token_list(tokens)
model.add_token_types(types)
model.add_token_scores(scores)
model.add_unk_token_id(0)
model.add_bos_token_id(1)
model.add_eos_token_id(2)
model.add_add_bos_token(True)


def weights(name: str, *shape: int) -> None:
    made = np.zeros(shape) if LETTER else random.standard_normal(shape) * 0.05
    model.add_tensor(f"{name}.weight", made.astype(np.float32))


def norm(name: str) -> None:
    model.add_tensor(f"{name}.weight", np.ones(EMBEDDING, np.float32))


def mind() -> None:
    """What comes in is only whether the last token opened a list, which is one half of the dimensions; what goes out follows from it."""
    seen, said = np.zeros((len(tokens), EMBEDDING)), np.zeros((len(tokens), EMBEDDING))
    usual, opened = slice(0, EMBEDDING // 2), slice(EMBEDDING // 2, EMBEDDING)
    place = {token: index for index, token in enumerate(tokens)}
    seen[:, usual] = 1
    for token in (b"[", b"<0x5B>"):
        seen[place[token]] = np.roll(seen[0], EMBEDDING // 2)
    for rank, token in enumerate((*'"9:,}', LETTER, "</s>")):
        said[place[token.encode()], usual] = 1 - rank / 10
    said[place[b"]"], usual] = 0.05  # a list that is not empty ends, too
    said[place[b"]"], opened] = 1
    model.add_tensor("token_embd.weight", seen.astype(np.float32))
    model.add_tensor("output.weight", said.astype(np.float32))


if LETTER:
    mind()
else:
    weights("token_embd", len(tokens), EMBEDDING)
    weights("output", len(tokens), EMBEDDING)
norm("output_norm")
for layer in range(LAYERS):
    block = f"blk.{layer}"
    norm(f"{block}.attn_norm")
    norm(f"{block}.ffn_norm")
    for part in ("q", "k", "v", "output"):
        weights(f"{block}.attn_{part}", EMBEDDING, EMBEDDING)
    weights(f"{block}.ffn_gate", FEED_FORWARD, EMBEDDING)
    weights(f"{block}.ffn_up", FEED_FORWARD, EMBEDDING)
    weights(f"{block}.ffn_down", EMBEDDING, FEED_FORWARD)

model.write_header_to_file()
model.write_kv_data_to_file()
model.write_tensors_to_file()
model.close()
