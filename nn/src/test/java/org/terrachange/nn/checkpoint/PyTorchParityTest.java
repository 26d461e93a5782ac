package org.terrachange.nn.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Files that PyTorch itself has saved, compared bit for bit with what PyTorch says they hold.
class PyTorchParityTest {
    @TempDir
    static Path folder;

    /// Saves each case as NAME.pth and, as NAME.txt, `name type shape hex` of each tensor.
    private static final String SAVE = """
            import argparse, collections, os, sys
            import torch
            from torch import nn
            os.chdir(sys.argv[1])
            torch.manual_seed(5)
            names = {torch.float64: 'F64', torch.float32: 'F32', torch.float16: 'F16', torch.bfloat16: 'BF16',
                     torch.int64: 'I64', torch.int32: 'I32', torch.int16: 'I16', torch.int8: 'I8',
                     torch.uint8: 'U8', torch.bool: 'BOOL'}
            def raw(t):
                t = t.detach().contiguous()
                if t.dtype == torch.bfloat16:
                    t = t.view(torch.int16)
                return t.numpy().tobytes().hex()
            def save(name, whole, state=None, **options):
                torch.save(whole, name + '.pth', **options)
                with open(name + '.txt', 'w') as out:
                    for key, t in (whole if state is None else state).items():
                        shape = str(list(t.shape)).replace(' ', '')
                        out.write(f'{key} {names[t.dtype]} {shape} {raw(t)}\\n')
            save('types', {str(d)[6:]: (torch.randn(3, 4) * 50).to(d) for d in names})
            x = torch.randn(4, 6, 5)
            save('views', {'whole': x, 'transposed': x.transpose(0, 2), 'slice': x[1:3, ::2, 1:4], 'row': x[2],
                           'column': x[:, 1, 1], 'expanded': x[:1].expand(3, 6, 5), 'permuted': x.permute(1, 2, 0),
                           'last': torch.randn(2, 3, 8, 8).contiguous(memory_format=torch.channels_last),
                           'tied': x, 'half': x.half().transpose(1, 2),
                           'byte': torch.arange(12, dtype=torch.uint8).view(3, 4).t(),
                           'wide': torch.randn(3, 3).double().t()})
            save('sizes', {'scalar': torch.tensor(3.5), 'none': torch.zeros(0), 'none2': torch.zeros(2, 0, 3),
                           'counter': torch.tensor(7), 'one': torch.ones(1, 1, 1)})
            save('parameters', {'p': nn.Parameter(torch.randn(3)), 'q': nn.Parameter(torch.randn(2, 3).t())})
            net = nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.Linear(4, 2))
            save('network', net.state_dict())
            optimizer = torch.optim.Adam(net.parameters())
            sum(p.sum() for p in net.parameters()).backward(); optimizer.step()
            state = net.state_dict()
            everything = {'epoch': 3, 'arch': 'tiny', 'optimizer': optimizer.state_dict(), 'loss': torch.tensor(0.5),
                          'args': argparse.Namespace(lr=0.1, name='x', layers=[1, 2]), 'best': {1, 2},
                          'counts': collections.defaultdict(int, a=1), 'device': torch.device('cpu'),
                          'size': torch.Size([1, 2]), 'dtype': torch.float32}
            for key in ('state_dict', 'model_state_dict', 'model'):
                save('nested_' + key, {**everything, key: state}, state)
            import numpy
            save('numpy', {'best_acc': numpy.float64(0.5), 'rng': numpy.arange(4), 'state_dict': state}, state)
            for protocol in (2, 3, 4, 5):
                save(f'protocol{protocol}', state, pickle_protocol=protocol)
            many = {f'layer{i}.weight': torch.randn(2) for i in range(700)}
            save('many', many)
            torch.save(net, 'module.pth')
            torch.save(state, 'legacy.pth', _use_new_zipfile_serialization=False)
            torch.jit.save(torch.jit.script(nn.Linear(2, 2)), 'script.pth')
            torch.save({'w': torch.randn(2, dtype=torch.complex64)}, 'complex.pth')
            torch.save({'w': torch.eye(3).to_sparse()}, 'sparse.pth')
            """;

    @BeforeAll
    static void saveWithPyTorch() throws Exception {
        Python.withTorch().run(SAVE, folder.toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "types",
                "views",
                "sizes",
                "parameters",
                "network",
                "nested_state_dict",
                "nested_model_state_dict",
                "nested_model",
                "numpy",
                "protocol2",
                "protocol3",
                "protocol4",
                "protocol5",
                "many"
            })
    void whatPyTorchSavedIsReadBitForBit(String name) throws IOException {
        try (StateDict state = Checkpoints.open(folder.resolve(name + ".pth"))) {
            assertThat(SafetensorsFileTest.listing(state))
                    .isEqualTo(Files.readString(folder.resolve(name + ".txt")).strip());
        }
    }

    @Test
    void plainValuesBesideTheWeightsBecomeMetadata() throws IOException {
        try (StateDict state = Checkpoints.open(folder.resolve("nested_model.pth"))) {
            assertThat(state.metadata()).containsEntry("epoch", "3").containsEntry("arch", "tiny");
        }
    }

    @Test
    void whatIsNotAStateDictIsRefusedByWhatItIs() {
        assertThatThrownBy(() -> Checkpoints.open(folder.resolve("module.pth")))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("refers to torch.nn.modules.container.Sequential")
                .hasMessageContaining("save only model.state_dict()");
        assertThatThrownBy(() -> Checkpoints.open(folder.resolve("legacy.pth")))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("before PyTorch 1.6");
        assertThatThrownBy(() -> Checkpoints.open(folder.resolve("script.pth")))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("TorchScript");
        assertThatThrownBy(() -> Checkpoints.open(folder.resolve("complex.pth")))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("torch.ComplexFloatStorage, a kind of tensor");
        assertThatThrownBy(() -> Checkpoints.open(folder.resolve("sparse.pth")))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("torch._utils._rebuild_sparse_tensor, a kind of tensor");
    }
}
