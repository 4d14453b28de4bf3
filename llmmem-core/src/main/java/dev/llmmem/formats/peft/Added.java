package dev.llmmem.formats.peft;

import java.util.List;

/**
 * A tensor of an adapter, folded over the layers that have it.
 *
 * @param name its name in {@code adapter_model.safetensors}, with <code>{i}</code> for the layer index
 * @param target the module that it is for, folded too; empty where it is for all
 * @param shape its dimensions
 * @param layers the layers that have it; empty outside the layers
 * @param trained whether it is trained
 * @param stored whether PEFT stores it
 * @param widened whether PEFT keeps it in fp32 over weights of 16 bits
 */
public record Added(
        String name,
        String target,
        List<Long> shape,
        List<Integer> layers,
        boolean trained,
        boolean stored,
        boolean widened) {}
