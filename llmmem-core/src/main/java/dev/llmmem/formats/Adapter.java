package dev.llmmem.formats;

import dev.llmmem.formats.peft.PeftConfig;
import dev.llmmem.model.ModelSpec;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * An adapter of Hugging Face PEFT, from its {@code adapter_config.json}.
 *
 * <pre>{@code
 * Adapter adapter = Adapter.read(Path.of("my-lora"));                        // the folder, or the file itself
 * AdaptedModel adapted = adapter.on(Models.get("meta-llama/Llama-3.2-3B"));
 * adapted.trainableCount();                                                  // 9175040
 * adapted.strategy();                                                        // for an estimate, where estimates model it
 * }</pre>
 *
 * <p>Everything is as PEFT 0.21 builds it over transformers 5.18. These fields of all types bear on the result; the package of each
 * is {@code peft} 0.21.0:
 *
 * <ul>
 *   <li>{@code peft_type}, one of {@link #types()} ({@code utils/peft_types.py}); {@code base_model_name_or_path}, {@code
 *       peft_version} ({@code config.py}).
 *   <li>{@code task_type}: SEQ_CLS, TOKEN_CLS and QUESTION_ANS are refused, for they train a head whose size is not in the file
 *       ({@code peft_model.py}); SEQ_2_SEQ_LM doubles a prompt.
 *   <li>{@code target_modules}: null (the default of type and model type, {@code utils/constants.py}), a list of names or ends of
 *       names, a regular expression for whole names, or {@code "all-linear"}; {@code exclude_modules}, {@code layers_to_transform},
 *       {@code layers_pattern} ({@code tuners/tuners_utils.py}).
 *   <li>{@code modules_to_save}: copies that are trained, of each module whose name ends so ({@code utils/other.py}).
 *   <li>{@code bias}: {@code none}, {@code all}, or one that ends in {@code _only}, for the biases of targets.
 *   <li>{@code trainable_token_indices}: rows of embeddings; of one module only ({@code utils/other.py}).
 * </ul>
 *
 * <p>Of single types ({@code tuners/<type>/config.py} and {@code layer.py}):
 *
 * <ul>
 *   <li>LORA: {@code r}, {@code rank_pattern}, {@code use_dora}, {@code lora_bias}, {@code target_parameters}, {@code use_bdlora},
 *       {@code kasa_config}, and {@code init_lora_weights} where it is {@code mica}; {@code lora_alpha}, {@code alpha_pattern},
 *       {@code use_rslora}, {@code fan_in_fan_out} and other initializations change no shape. {@code layer_replication}, {@code
 *       ensure_weight_tying}, {@code megatron_config}, {@code use_qalora}, {@code arrow_config} and {@code monteclora_config} are refused.
 *   <li>ADAMSS: {@code r}, {@code num_subspaces}; a {@code subspace_rank} above 1 is refused, for its shapes hang on the weights.
 *       ADALORA: {@code init_r}; the ranks that are left after training do not count. IA3: {@code feedforward_modules}. VERA, PVERA,
 *       RANDLORA, HIRA, HRA, SHIRA: {@code r} (HiRA passes over its {@code rank_pattern}). LOHA, DELORA: {@code r}, {@code rank_pattern}. LOKR: those, {@code
 *       decompose_factor}, {@code decompose_both}. DEFT: {@code r}, {@code para}. MISS: {@code r}, {@code mini_r}, {@code
 *       init_weights}. GRALORA: {@code r}, {@code hybrid_r}, {@code gralora_k}. GLORA: {@code r}, {@code config_A_B}, {@code
 *       config_C}, {@code config_D_E}. PEANUT: {@code r}, {@code depth}. LILY: {@code r}, {@code stride_A}, {@code num_B}. POLY:
 *       {@code r}, {@code n_tasks}, {@code n_skills}, {@code n_splits}. OSF: {@code effective_rank}, {@code rank_pattern}. SUPERTUNING: {@code
 *       sparsity}, {@code r}.
 *   <li>BOFT: {@code boft_block_size}, {@code boft_block_num}; more than one butterfly factor is refused. OFT: {@code r}, {@code
 *       oft_block_size}, {@code block_share}. PSOFT: {@code r}, {@code psoft_orth}, {@code psoft_mag_a}, {@code psoft_mag_b}. C3A:
 *       {@code block_size}, {@code block_size_pattern}. ROAD: {@code variant}, {@code group_size}. FOURIERFT, WAVEFT: {@code
 *       n_frequency}, {@code n_frequency_pattern}, {@code proportional_parameters}. FROD: {@code sparse_rate}. TINYLORA: {@code u},
 *       {@code weight_tying}. UNILORA: {@code theta_d_length}. VBLORA: {@code r}, {@code num_vectors}, {@code vector_length}.
 *   <li>PROMPT_TUNING, PREFIX_TUNING, P_TUNING, MULTITASK_PROMPT_TUNING, CARTRIDGE: {@code num_virtual_tokens}, {@code
 *       num_transformer_submodules}, {@code token_dim}, {@code num_layers}, {@code num_attention_heads}; {@code prefix_projection},
 *       {@code encoder_hidden_size}, {@code encoder_reparameterization_type}, {@code encoder_num_layers}; {@code num_tasks}, {@code
 *       num_ranks}; {@code num_frozen_tokens}. CPT: {@code cpt_token_ids}. ADAPTION_PROMPT: {@code adapter_len}, {@code
 *       adapter_layers}. TRAINABLE_TOKENS: {@code token_indices}.
 * </ul>
 *
 * <p>{@code inference_mode} is true in most files, for PEFT writes it so; what is trained is counted as if it were false. What an
 * optimizer freezes besides, as that of LoRA-FA does, is not in the file.
 *
 * <p>In a mixture whose experts were modules in transformers 4 and are tensors since, LoRA's targets mean what PEFT renames them to:
 * {@code w1} and {@code w3} of Mixtral, for example, become one tensor with twice the rank. A model with towers is refused, for what
 * of them an adapter reaches is not modelled.
 *
 * <p>A file is read within bounds: at most 16 MiB, 64 levels, a million values, 10,000 names in a list, 1000 in {@code
 * modules_to_save}, {@code layers_pattern} and {@code feedforward_modules}, patterns of 4096 characters, ranks and widths of
 * 2<sup>24</sup>; and all patterns together may look at 50 million characters on a model. Patterns are read as {@link
 * java.util.regex.Pattern} does; what Python reads differently is refused.
 *
 * <p>Immutable and thread-safe.
 */
public final class Adapter {

    private static final String FILE = "adapter_config.json";

    private final PeftConfig config;
    private final String source;

    private Adapter(PeftConfig config, String source) {
        this.config = config;
        this.source = source;
    }

    /**
     * Reads a file.
     *
     * @param path the file, or a folder with an {@code adapter_config.json}
     * @return the adapter
     * @throws MalformedInputException if the content is not an adapter that is known, with everything that is wrong
     * @throws UncheckedIOException if the file cannot be read
     */
    public static Adapter read(Path path) {
        Objects.requireNonNull(path, "path");
        Path file = Files.isDirectory(path) ? path.resolve(FILE) : path;
        try (SeekableByteChannel channel = RegularFile.open(file)) {
            return of(Json.object(Channels.newInputStream(channel), file.toString()), file.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Reads a stream to its end, or until it is too long. The stream is left open.
     *
     * @param stream the content of an {@code adapter_config.json}
     * @return the adapter
     * @throws MalformedInputException if the content is not an adapter that is known, with everything that is wrong
     * @throws UncheckedIOException if the stream cannot be read
     */
    public static Adapter read(InputStream stream) {
        Objects.requireNonNull(stream, "stream");
        try {
            return of(Json.object(stream, FILE), FILE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Reads a text.
     *
     * @param json the content of an {@code adapter_config.json}
     * @return the adapter
     * @throws MalformedInputException if the content is not an adapter that is known, with everything that is wrong
     */
    public static Adapter read(String json) {
        Objects.requireNonNull(json, "json");
        return of(Json.object(json, FILE), FILE);
    }

    private static Adapter of(Map<String, @Nullable Object> fields, String source) {
        return new Adapter(AdaptedModel.guarded(source, () -> PeftConfig.of(fields)), source);
    }

    /**
     * The types of adapters that can be read.
     *
     * @return values of {@code peft_type}, in order
     */
    public static SortedSet<String> types() {
        return PeftConfig.types();
    }

    /**
     * The type of the adapter.
     *
     * @return one of {@link #types()}
     */
    public String type() {
        return config.type();
    }

    /**
     * The model that the adapter was made for.
     *
     * @return its name on the Hub or its path, or empty where the file does not say
     */
    public Optional<String> baseModel() {
        return config.baseModel();
    }

    /**
     * The version of PEFT that wrote the file.
     *
     * @return the version, or empty where the file does not say
     */
    public Optional<String> peftVersion() {
        return config.version();
    }

    /**
     * Fields of the file that PEFT 0.21 does not know for this type, and that are passed over, as PEFT passes over them.
     *
     * @return their names in the order of the file, unmodifiable
     */
    public List<String> unknownFields() {
        return config.unknownFields();
    }

    /**
     * Puts the adapter on a model.
     *
     * @param model the base model
     * @return what the adapter adds to it
     * @throws MalformedInputException if the adapter does not fit the model, or adds 2<sup>63</sup> elements or more
     */
    public AdaptedModel on(ModelSpec model) {
        return AdaptedModel.of(config, source, Objects.requireNonNull(model, "model"));
    }

    @Override
    public String toString() {
        return "Adapter[" + type()
                + baseModel().map(base -> " of " + Shown.name(base)).orElse("") + "]";
    }
}
