package dev.llmmem.bench;

import com.google.common.collect.ForwardingList;
import com.google.common.collect.ImmutableList;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;

/** Shows types of hidden libraries in every way there is, for {@link ArchitectureTest} to find. */
public abstract class LeakyFixture extends ForwardingList<String> {

    public ImmutableList<String> field = ImmutableList.of();

    ImmutableList<String> hiddenField = ImmutableList.of();

    public List<? extends Map<String, ImmutableList<String>>> nested() {
        return List.of();
    }

    protected void parameter(JsonParser parser) {}

    public void thrower() throws JacksonException {}

    public <T extends JsonParser> List<T> variable() {
        return List.of();
    }

    void hiddenMethod(JsonParser parser) {}

    public static final class Inner {
        public Inner(JsonParser parser) {}
    }

    static final class HiddenInner {
        public HiddenInner(JsonParser parser) {}
    }
}
