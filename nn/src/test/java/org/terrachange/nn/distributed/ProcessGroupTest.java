package org.terrachange.nn.distributed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.terrachange.nn.tensor.Device;
import org.terrachange.nn.tensor.HostCopies;

class ProcessGroupTest {
    /// `[rows, columns]`.
    private static Tensor tensor(int columns, float... values) {
        return torch.from_blob(new FloatPointer(values), values.length / columns, columns)
                .clone();
    }

    private static float[] floats(Tensor tensor) {
        return HostCopies.toHost(tensor).toFloats();
    }

    @Test
    void sharesOfABatchAreTheBatchTogether() {
        List<Long> all = new ArrayList<>();
        for (int rank = 0; rank < 3; rank++) {
            Share share = new Share(rank, 3);
            for (int i = 0; i < share.of(12); i++) {
                all.add(share.place(i));
            }
        }
        assertThat(all).containsExactlyInAnyOrder(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L, 11L);
        assertThatThrownBy(() -> new Share(0, 3).of(16))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("multiple of 3");
    }

    @Test
    void aMemberIsReadAsItIsWritten() {
        Member member = new Member(2, 4, "fe80::1", 29500);
        assertThat(Member.parse(member.text())).isEqualTo(member);
        for (String wrong : List.of("", "1@h:3", "1/2@h", "x/2@h:3", "2/2@h:3", "0/2@h:0", "0/2@:5")) {
            assertThatThrownBy(() -> Member.parse(wrong)).as(wrong).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void numbersAndTensorsReachAll() throws Exception {
        List<float[]> seen = Together.run(3, group -> {
            try (var _ = new PointerScope()) {
                int rank = group.share().rank();
                Tensor sum = tensor(2, rank, 10);
                group.beginSum(sum).run();
                Tensor first = tensor(1, 7 + rank);
                group.broadcast(first);
                assertThat(group.mean(rank)).isEqualTo(1);
                assertThat(group.all(-rank)).containsExactly(0, -1, -2);
                assertThat(group.wholeBatch(new long[] {rank, 100 + rank})).containsExactly(0, 1, 2, 100, 101, 102);
                group.barrier();
                return floats(torch.cat(new org.bytedeco.pytorch.TensorVector(sum, first), 1));
            }
        });
        assertThat(seen).allSatisfy(values -> assertThat(values).containsExactly(3, 30, 7));
    }

    /// Each process has a weight of its own; gradients are compared after they were averaged.
    @Test
    void aLossOverAllRowsHasTheGradientsOfASingleProcess() throws Exception {
        List<float[]> gradients = Together.run(2, group -> {
            try (var _ = new PointerScope()) {
                int rank = group.share().rank();
                Tensor weight = torch.full(new long[] {1}, new Scalar(2.0)).set_requires_grad(true);
                Tensor rows = tensor(1, 1 + rank, 3 + rank).mul(weight);
                Tensor whole = group.wholeBatch(rows);
                assertThat(floats(whole)).containsExactly(2, 4, 6, 8);
                Tensor total = group.total(rows.sum());
                assertThat(total.item_double()).isEqualTo(20);
                // Not linear, so that every row matters to every gradient.
                whole.sum().pow(new Scalar(2)).add(total.pow(new Scalar(2))).backward();
                Tensor gradient = weight.grad();
                group.beginSum(gradient).run();
                return floats(gradient.div(new Scalar(2.0)));
            }
        });
        // The derivative of 2 (10 w)^2 at 2.
        assertThat(gradients).allSatisfy(gradient -> assertThat(gradient).containsExactly(800));
    }

    @Test
    void theOthersWaitForTheFirst() throws Exception {
        AtomicBoolean done = new AtomicBoolean();
        List<Boolean> seen = Together.run(2, group -> {
            group.whileOthersWait(() -> {
                try {
                    Thread.sleep(300);
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                done.set(true);
            });
            return done.get();
        });
        assertThat(seen).containsExactly(true, true);
    }

    @Test
    void whoeverIsLostIsNamed() throws Exception {
        List<String> said = Together.run(2, group -> {
            if (group.share().rank() == 1) {
                return "gone";
            }
            try (var _ = new PointerScope()) {
                group.mean(1);
                return "no failure";
            } catch (LostProcessException e) {
                return String.valueOf(e.getMessage());
            }
        });
        assertThat(said.getFirst())
                .contains("without process 2 of 2 (process "
                        + ProcessHandle.current().pid())
                .contains("run the same command again")
                .doesNotContain("\n");
    }

    @Test
    void aProcessAloneExchangesNothing() throws Exception {
        try (ProcessGroup group =
                ProcessGroup.join(new Member(0, 1, "localhost", 1), Device.CPU, Duration.ofSeconds(1))) {
            assertThat(group.isAlone()).isTrue();
            assertThat(group.first()).isTrue();
            assertThat(group.mean(3)).isEqualTo(3);
            assertThat(group.wholeBatch(new long[] {4, 5})).containsExactly(4, 5);
        }
    }
}
