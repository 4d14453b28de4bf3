package dev.llmmem.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.llmmem.formats.TestData.Recorded;
import dev.llmmem.model.Attention;
import dev.llmmem.model.Flops;
import dev.llmmem.model.Layer;
import dev.llmmem.model.ModelSpec;
import dev.llmmem.model.ParameterGroup;
import dev.llmmem.model.Pruning;
import dev.llmmem.model.StoredExtra;
import dev.llmmem.model.Tower;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Encoders, and models of an encoder and a decoder: which class is read, what it keeps, and what it computes. */
class HuggingFaceEncodersTest {

    private static final String SMALL =
            "\"hidden_size\": 64, \"intermediate_size\": 96, \"num_hidden_layers\": 5, \"num_attention_heads\": 4,"
                    + " \"vocab_size\": 128, \"max_position_embeddings\": 40";

    /** keras-hub counts its presets without the head: the class without one has as many. */
    @ParameterizedTest
    @CsvSource({
        "google-bert__bert-base-uncased, BertForMaskedLM, BertModel, 109482240",
        "distilbert__distilbert-base-uncased, DistilBertForMaskedLM, DistilBertModel, 66362880",
        "albert__albert-xxlarge-v2, AlbertForMaskedLM, AlbertModel, 222595584"
    })
    void countsWithoutHeadAreThosePublished(String name, String stated, String body, long published) {
        String config = config(name).replace(stated, body);

        assertThat(config).contains(body);
        assertThat(HuggingFace.read(config).parameterCount()).isEqualTo(published);
    }

    @Test
    void whatWasTrainedIsTheMaskedModelWithItsExtras() {
        ModelSpec masked = HuggingFace.read(config("google-bert__bert-base-uncased"));
        ModelSpec whole = HuggingFace.read(
                config("google-bert__bert-base-uncased").replace("BertForMaskedLM", "BertForPreTraining"));

        assertThat(whole.parameterCount() - masked.parameterCount())
                .isEqualTo(extra(masked, "bert.pooler.dense") + extra(masked, "cls.seq_relationship"));
        assertThat(extra(masked, "bert.embeddings.position_ids")).isEqualTo(512);
        assertThat(extra(masked, "cls.predictions.decoder.weight")).isEqualTo(30_522 * 768);
    }

    @Test
    void cardsSayWhatHeadThereIs() {
        assertThat(small("bert", "BertForMaskedLM").describe()).contains("head tied to the embedding");
        assertThat(small("bert", "BertModel").describe()).contains("head none but a pooler");
        assertThat(small("distilbert", "DistilBertModel").describe()).contains("head none\n");
        assertThat(small("bert", "BertForTokenClassification").describe()).contains("head of its own");
        assertThat(HuggingFace.read("{\"model_type\": \"t5\", \"architectures\": [\"T5WithLMHeadModel\"]}"))
                .isEqualTo(HuggingFace.read("{\"model_type\": \"t5\"}"));
    }

    @Test
    void encodersKeepNothing() {
        for (String type : List.of("bert", "roberta", "xlm-roberta", "electra", "albert", "distilbert")) {
            ModelSpec model = HuggingFace.read("{\"model_type\": \"" + type + "\"}");

            assertThat(model.cacheElementsPerToken()).isZero();
            assertThat(model.layers())
                    .extracting(Layer::attention)
                    .allMatch(attention -> attention instanceof Attention.Bidirectional);
            assertThat(model.describe())
                    .contains("attention both ways", "no key-value cache")
                    .doesNotContain("cache per token");
        }
    }

    @Test
    void decodersKeepTheirOwnTokensAndThoseOfTheEncoder() {
        ModelSpec t5 = HuggingFace.read(config("google__flan-t5-small"));

        // 8 layers of keys and values of 6 heads of 64, of both kinds.
        assertThat(t5.cacheElementsPerToken()).isEqualTo(8 * 2 * 6 * 64);
        assertThat(t5.layers()).allMatch(layer -> layer.attention().crossElementsPerToken() == 2 * 6 * 64);
        assertThat(t5.towers()).extracting(Tower::name).containsExactly("encoder");
        assertThat(t5.describe())
                .contains("and cross attention of 6 heads", "cache per token of the other input 6,144");
        assertThat(extra(t5, "lm_head.weight")).isEqualTo(32_128 * 512);
        assertThatThrownBy(() -> Flops.forward(t5, 8, Flops.Pairs.CAUSAL))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Cross");
    }

    @Test
    void anEncoderAloneHasItsLayers() {
        ModelSpec whole = HuggingFace.read(config("google__t5-v1_1-xxl"));
        ModelSpec encoder =
                HuggingFace.read(config("google__t5-v1_1-xxl").replace("T5ForConditionalGeneration", "T5EncoderModel"));

        assertThat(encoder.towers()).isEmpty();
        assertThat(encoder.cacheElementsPerToken()).isZero();
        assertThat(encoder.parameterCount())
                .isEqualTo(whole.towers().get(0).parameterCount() + 32_128L * 4096)
                .isEqualTo(4_762_310_656L);
    }

    @Test
    void positionsOfRobertaStartAfterThatOfPadding() {
        ModelSpec roberta = HuggingFace.read(config("sentence-transformers__all-roberta-large-v1"));

        assertThat(roberta.maxPositions()).isEqualTo(512);
        assertThat(extra(roberta, "roberta.embeddings.position_ids")).isEqualTo(514);
    }

    @Test
    void layersOfAlbertShareParametersButNotWork() {
        ModelSpec albert = HuggingFace.read("{\"model_type\": \"albert\", \"num_hidden_groups\": 2, " + SMALL + "}");
        ModelSpec apart = HuggingFace.read("{\"model_type\": \"albert\", \"num_hidden_groups\": 5, " + SMALL + "}");

        assertThat(albert.layers()).extracting(Layer::sharesParameters).containsExactly(false, true, true, false, true);
        assertThat(albert.parameterCount()).isLessThan(apart.parameterCount());
        assertThat(Flops.forward(albert, 16, Flops.Pairs.ALL)).isEqualTo(Flops.forward(apart, 16, Flops.Pairs.ALL));
        assertThat(albert.describe()).contains("3 layers with the parameters of the layer before");
        assertThat(Pruning.dropLayers(albert, List.of(1, 4)).savedParameters()).isZero();
        assertThatThrownBy(() -> Pruning.dropLayers(albert, List.of(3)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("layer 4 works with the parameters of one that is dropped, but must have its own");
    }

    @Test
    void operationsOfAnEncoderAreThoseOfAllPairsAndOfEachHead() {
        // Per token four projections of 64 and a network of 96; all pairs of 16 tokens in 4 heads of 16, in 5 layers.
        long projections = 2L * 16 * 5 * (4 * 64 * 64 + 2 * 64 * 96);
        long attention = 2L * 16 * 16 * 5 * 2 * 64;
        Flops masked = flops("BertForMaskedLM");

        assertThat(masked).isEqualTo(new Flops(projections, attention, 2L * 16 * (64 * 64 + 64 * 128)));
        assertThat(flops("BertModel").head()).isEqualTo(2L * 64 * 64);
        assertThat(flops("BertForSequenceClassification").head()).isEqualTo(2L * (64 * 64 + 2 * 64));
        assertThat(flops("BertForTokenClassification").head()).isEqualTo(2L * 16 * 2 * 64);
        assertThat(flops("BertForQuestionAnswering").head()).isEqualTo(2L * 16 * 2 * 64);
        assertThat(flops("BertForPreTraining").head()).isEqualTo(masked.head() + 2L * (64 * 64 + 2 * 64));
        assertThat(Flops.forward(small("electra", "ElectraForSequenceClassification"), 16, Flops.Pairs.CAUSAL)
                        .head())
                .isEqualTo(2L * 16 * 128 * 64 + 2L * (64 * 64 + 2 * 64));
    }

    @Test
    void everyMatrixHasAGroup() {
        TestData.variants().stream()
                .map(TestData.Variant::config)
                .filter(config -> config.contains("\"architectures\""))
                .map(HuggingFace::read)
                .forEach(model -> assertThat(model.parameters().of(ParameterGroup.OTHER))
                        .as(model.modelType())
                        .isZero());
        ModelSpec bert = small("bert", "BertForMaskedLM");
        assertThat(bert.parameters().of(ParameterGroup.HEAD)).isEqualTo(128 + 64 * 64 + 64);
        assertThat(Pruning.cutVocabulary(bert, 100).savedParameters()).isEqualTo(28 * 64 + 28);
        assertThat(small("electra", "ElectraModel").parameters().of(ParameterGroup.EMBEDDING))
                .isEqualTo((128 + 40 + 2) * 128 + 128 * 64 + 64);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            "model_type": "bert", "architectures": ["BertLMHeadModel"]   | architectures = "BertLMHeadModel", permitted one of BertForMaskedLM, BertForPreTraining, BertModel, BertForSequenceClassification, BertForTokenClassification, BertForQuestionAnswering
            "model_type": "bert", "architectures": [3]                   | architectures = 3, permitted one of BertForMaskedLM
            "model_type": "bert", "architectures": ["RobertaModel"]      | architectures = "RobertaModel", permitted one of BertForMaskedLM
            "model_type": "bert", "is_decoder": true                     | is_decoder = true, permitted absent: an encoder that is made a decoder is not described
            "model_type": "bert", "position_embedding_type": "relative_key" | position_embedding_type = "relative_key", permitted "absolute"
            "model_type": "bert", "type_vocab_size": 0                   | type_vocab_size = 0, permitted a whole number in [1, 268435456] rows
            "model_type": "bert", "architectures": ["BertForSequenceClassification"], "id2label": {} | id2label = "0 names", permitted a whole number in [1, 1048576] labels
            "model_type": "roberta", "max_position_embeddings": 2        | max_position_embeddings = 2, permitted more than the 2 rows up to that of padding
            "model_type": "roberta", "pad_token_id": null                | pad_token_id = null, permitted a whole number in [0, 268435455] as the row of a token
            "model_type": "albert", "num_hidden_groups": 13              | num_hidden_groups = 13, permitted at most the 12 layers
            "model_type": "albert", "inner_group_num": 2                 | inner_group_num = 2, permitted 1: several layers in turn are not described
            "model_type": "t5", "feed_forward_proj": "gated-magic"       | feed_forward_proj = "gated-magic", permitted one of gelu
            "model_type": "t5", "feed_forward_proj": "magic"             | feed_forward_proj = "magic", permitted one of gelu
            "model_type": "t5", "num_heads": 5000                        | num_heads = 5000, permitted a whole number in [1, 1024] heads
            "model_type": "longt5", "encoder_attention_type": "global"   | encoder_attention_type = "global", permitted "local" or "transient-global"
            "model_type": "bart", "architectures": ["BartForCausalLM"]   | architectures = "BartForCausalLM", permitted one of BartForConditionalGeneration
            "model_type": "bart", "decoder_attention_heads": 7           | decoder_attention_heads = 7, permitted a divisor of the hidden width 1024
            "model_type": "whisper", "num_mel_bins": 0                   | num_mel_bins = 0, permitted a whole number in [1, 16777216] elements
            """)
    void whatIsNotDescribedIsRefused(String fields, String message) {
        assertThatThrownBy(() -> HuggingFace.read("{" + fields.strip() + "}"))
                .isInstanceOf(MalformedInputException.class)
                .hasMessageStartingWith("config.json: " + message.strip());
    }

    @ParameterizedTest
    @ValueSource(strings = {"bart", "t5", "whisper", "bert"})
    void countsBeyondLongAreRefused(String type) {
        String config = "{\"model_type\": \"" + type + "\", \"d_model\": 16777216, \"hidden_size\": 16777216,"
                + " \"d_ff\": 16777216, \"d_kv\": 16777216, \"encoder_ffn_dim\": 16777216, \"intermediate_size\": 16777216,"
                + " \"num_layers\": 10000, \"encoder_layers\": 10000, \"num_hidden_layers\": 10000, \"num_heads\": 1024}";
        assertThatThrownBy(() -> HuggingFace.read(config)).isInstanceOf(MalformedInputException.class);
    }

    private static Flops flops(String name) {
        return Flops.forward(small("bert", name), 16, Flops.Pairs.CAUSAL);
    }

    private static ModelSpec small(String type, String name) {
        return HuggingFace.read(
                "{\"model_type\": \"" + type + "\", \"architectures\": [\"" + name + "\"], " + SMALL + "}");
    }

    private static String config(String name) {
        return TestData.recorded().stream()
                .filter(recorded -> recorded.name().equals(name))
                .map(Recorded::config)
                .findFirst()
                .orElseThrow();
    }

    private static long extra(ModelSpec model, String name) {
        return model.storedExtras().stream()
                .filter(extra -> extra.name().equals(name))
                .mapToLong(StoredExtra::elements)
                .sum();
    }
}
