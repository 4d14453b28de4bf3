package dev.llmmem.formats.quantization;

/**
 * Which linear layers outside of the layers are quantized unless the configuration leaves them alone.
 *
 * @param head the output head
 * @param others all others
 */
record Outside(boolean head, boolean others) {}
