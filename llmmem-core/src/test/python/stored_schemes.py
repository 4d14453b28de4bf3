"""What libraries of quantization themselves store for one linear weight, as rows of stored-schemes.csv.gz.

    python stored_schemes.py FOLDER OUT.csv [bnb] [bnb8] [gptq] [awq] [hqq] [ct] [ao]

FOLDER holds checkouts: bitsandbytes, AutoGPTQ, AutoAWQ, hqq, compressed-tensors, ao, of the commits in README.md. torchao must not be
on the path when compressed-tensors is asked (transformers refuses a checkout without a version), so run ct and ao apart; with
TORCHDYNAMO_DISABLE=1, or packing in four bits is compiled for minutes. Rows of GEMV, of weights of 1024 x 512 and of torchao's Intx are not kept.
"""

import importlib.util
import json
import math
import sys
import traceback
import types

FOLDER, OUT, *ASKED = sys.argv[1:]
sys.path[:0] = [f"{FOLDER}/{name}" for name in ("compressed-tensors/src", "hqq", "bitsandbytes")]
if "ao" in ASKED:
    sys.path.insert(0, f"{FOLDER}/ao")
if importlib.util.find_spec("termcolor") is None:
    sys.modules["termcolor"] = types.ModuleType("termcolor")
    sys.modules["termcolor"].colored = lambda text, *rest, **more: text

import torch
from torch import nn
torch.manual_seed(0)
N={torch.uint8:'U8',torch.int8:'I8',torch.int32:'I32',torch.int64:'I64',torch.float16:'F16',torch.bfloat16:'BF16',torch.float32:'F32',torch.float8_e4m3fn:'F8_E4M3',torch.bool:'BOOL'}
out = open(OUT, 'w')
def row(lib,case,o,i,name,t):
    s='%s,%s,%d,%d,%s,%s,%s'%(lib,case,o,i,name,N.get(t.dtype,str(t.dtype)),'x'.join(map(str,t.shape))); print(s); out.write(s+'\n'); out.flush()
def attempt(f):
    try: f()
    except Exception as e: print('FAIL',f.__name__,repr(e)[:400]); traceback.print_exc(limit=-2)
SH=[(96,64),(256,384),(1024,512)]
def bnb():
    import bitsandbytes.functional as F
    for o,i in SH:
        w=torch.randn(o,i,dtype=torch.bfloat16)
        for t in ('nf4','fp4'):
            for nested in (False,True):
                for st in (torch.uint8,torch.bfloat16,torch.float32):
                    if st!=torch.uint8 and (t=='fp4' or nested): continue
                    q,s=F.quantize_4bit(w,compress_statistics=nested,quant_type=t,quant_storage=st)
                    c='%s%s-%s'%(t,'-double' if nested else '',N[st])
                    row('bitsandbytes',c,o,i,'.weight',q)
                    for k,v in s.as_dict(packed=True).items(): row('bitsandbytes',c,o,i,'.weight.'+k,v)
                    if nested: print(bytes(v.tolist()))
    # length of the text of the offset over draws
    import collections
    L=collections.Counter()
    for d in range(60):
        w=torch.randn(256,384,dtype=torch.bfloat16)*0.02
        q,s=F.quantize_4bit(w,compress_statistics=True,quant_type='nf4')
        L[len(json.dumps(s.offset.item()))]+=1
    print('offset lengths',L)
def bnb8():
    import bitsandbytes as b
    for o,i in SH:
        l=b.nn.Linear8bitLt(i,o,bias=False,has_fp16_weights=False)
        l.load_state_dict(nn.Linear(i,o,bias=False).state_dict()); l=l.to('cpu')
        import bitsandbytes.functional as F
        CB,SCB,_=F.int8_vectorwise_quant(torch.randn(o,i,dtype=torch.float16))
        l.weight=b.nn.Int8Params(CB,requires_grad=False,has_fp16_weights=False); l.weight.CB=CB; l.weight.SCB=SCB
        for k,v in l.state_dict().items():
            if torch.is_tensor(v): row('bitsandbytes','int8',o,i,'.'+k,v)
def gptq():
    sp=importlib.util.spec_from_file_location('qc',FOLDER + '/AutoGPTQ/auto_gptq/nn_modules/qlinear/qlinear_cuda.py'); m=importlib.util.module_from_spec(sp); sp.loader.exec_module(m)
    for o,i in SH:
        for bits in (2,3,4,8):
            for g in (32,128,-1):
                try: l=m.QuantLinear(bits,g,i,o,False)
                except Exception as e: print(e); continue
                for k,v in l.state_dict().items(): row('auto-gptq','%d-%d'%(bits,g),o,i,'.'+k,v)
def awq():
    for n,a in (('awq',{}),('awq.utils',{}),('awq.utils.module',{'try_import':lambda n:(None,'')}),('awq.utils.utils',{'get_best_device':lambda:'cpu'}),('awq.utils.packing_utils',{'dequantize_gemm':None}),('awq.modules',{}),('awq.modules.triton',{})):
        x=types.ModuleType(n); x.__dict__.update(a); sys.modules[n]=x
    for f,cl in (('gemm','WQLinear_GEMM'),('gemv','WQLinear_GEMV')):
        sp=importlib.util.spec_from_file_location('ag'+f,FOLDER + '/AutoAWQ/awq/modules/linear/%s.py'%f); m=importlib.util.module_from_spec(sp); sp.loader.exec_module(m)
        for o,i in SH:
            for g in (32,64,128,-1):
                try: l=getattr(m,cl)(4,g,i,o,False,'cpu')
                except AssertionError as e: print(f,o,i,g,'assert'); continue
                for k,v in l.state_dict().items(): row('autoawq',f+'-%d'%g,o,i,'.'+k,v)
def hqq():
    from hqq.core.quantize import HQQLinear,BaseQuantizeConfig
    for o,i in SH:
        for bits in (8,4,3,2,1):
            for g in (64,None):
              for ax in (0,1):
                try:
                    lin=nn.Linear(i,o,bias=False)
                    h=HQQLinear(lin,BaseQuantizeConfig(nbits=bits,group_size=g,axis=ax),compute_dtype=torch.float16,device='cpu',del_orig=False)
                    for k,v in h.state_dict().items():
                        if torch.is_tensor(v): row('hqq','%d-%s-axis%d'%(bits,g,ax),o,i,'.'+k,v)
                        else: print('nontensor',k,v)
                except Exception as e: print('hqq',bits,g,ax,o,i,repr(e)[:200])
def ct():
    from compressed_tensors.quantization import QuantizationArgs,QuantizationScheme,QuantizationConfig,QuantizationStatus
    from compressed_tensors.quantization.lifecycle.apply import apply_quantization_config
    from compressed_tensors.compressors import ModelCompressor
    def case(name,fmt,weights,inp=None):
        for o,i in SH:
            for sd in (torch.bfloat16,):
                try:
                    m=nn.Sequential(); m.add_module('l',nn.Linear(i,o,bias=False,dtype=sd))
                    sch=QuantizationScheme(targets=['Linear'],weights=QuantizationArgs(**weights),input_activations=QuantizationArgs(**inp) if inp else None)
                    cfg=QuantizationConfig(config_groups={'g':sch},format=fmt,quantization_status='initialized',ignore=[])
                    apply_quantization_config(m,cfg)
                    for k,p in m.l.named_parameters():
                        if 'scale' in k: p.data=torch.ones_like(p.float()).to(p.dtype)
                        if 'zero' in k: p.data=torch.zeros_like(p)
                        if 'g_idx' in k: p.data=(torch.arange(i)//weights['group_size']).to(p.dtype)
                    c=ModelCompressor(quantization_config=cfg)
                    sdict=c.compress(m)
                    for k,v in sdict.items(): row('compressed-tensors',name,o,i,k[1:],v)
                except Exception as e: print('ct',name,o,i,repr(e)[:300])
    I=lambda **k:dict(type='int',**k)
    for b in (4,8):
        for sym in (True,False):
            case('pack-quantized-%d-group32-%s'%(b,'sym' if sym else 'asym'),'pack-quantized',I(num_bits=b,symmetric=sym,strategy='group',group_size=32))
            case('pack-quantized-%d-channel-%s'%(b,'sym' if sym else 'asym'),'pack-quantized',I(num_bits=b,symmetric=sym,strategy='channel'))
    case('pack-quantized-4-group32-sym-actorder','pack-quantized',I(num_bits=4,symmetric=True,strategy='group',group_size=32,actorder='group'))
    case('pack-quantized-4-group32-sym-actorderweight','pack-quantized',I(num_bits=4,symmetric=True,strategy='group',group_size=32,actorder='weight'))
    for sym in (True,False):
        for s in ('channel','tensor'):
            case('int-quantized-8-%s-%s'%(s,'sym' if sym else 'asym'),'int-quantized',I(num_bits=8,symmetric=sym,strategy=s),I(num_bits=8,symmetric=True,strategy='token',dynamic=True))
    Fl=lambda **k:dict(type='float',**k)
    case('int-quantized-8-channel-sym-static','int-quantized',I(num_bits=8,symmetric=True,strategy='channel'),I(num_bits=8,symmetric=True,strategy='tensor',dynamic=False))
    case('int-quantized-8-channel-sym-staticasym','int-quantized',I(num_bits=8,symmetric=True,strategy='channel'),I(num_bits=8,symmetric=False,strategy='tensor',dynamic=False))
    for s in ('channel','tensor'):
        case('float-quantized-8-%s-dynamic'%s,'float-quantized',Fl(num_bits=8,symmetric=True,strategy=s),Fl(num_bits=8,symmetric=True,strategy='token',dynamic=True))
        case('float-quantized-8-%s-static'%s,'float-quantized',Fl(num_bits=8,symmetric=True,strategy=s),Fl(num_bits=8,symmetric=True,strategy='tensor',dynamic=False))
    case('float-quantized-8-block','float-quantized',Fl(num_bits=8,symmetric=True,strategy='block',block_structure=[128,128]),Fl(num_bits=8,symmetric=True,strategy='group',group_size=128,dynamic=True))
    case('naive-quantized-4-group32-sym','naive-quantized',I(num_bits=4,symmetric=True,strategy='group',group_size=32))
    case('nvfp4-pack-quantized','nvfp4-pack-quantized',Fl(num_bits=4,symmetric=True,strategy='tensor_group',group_size=16),Fl(num_bits=4,symmetric=True,strategy='tensor_group',group_size=16,dynamic='local'))
    case('nvfp4-pack-quantized-weights','nvfp4-pack-quantized',Fl(num_bits=4,symmetric=True,strategy='tensor_group',group_size=16))
    case('mxfp4-pack-quantized','mxfp4-pack-quantized',Fl(num_bits=4,symmetric=True,strategy='group',group_size=32))
def ao():
    import torchao.quantization as Q
    from torchao.prototype.safetensors.safetensors_support import flatten_tensor_state_dict
    cases={'int8wo':lambda:Q.Int8WeightOnlyConfig(),'int8wo-v2':lambda:Q.Int8WeightOnlyConfig(version=2),'int8dq':lambda:Q.Int8DynamicActivationInt8WeightConfig(),'float8wo':lambda:Q.Float8WeightOnlyConfig(),'float8dq-row':lambda:Q.Float8DynamicActivationFloat8WeightConfig(granularity=Q.PerRow()),'float8dq-tensor':lambda:Q.Float8DynamicActivationFloat8WeightConfig(granularity=Q.PerTensor()),'int4wo-128':lambda:Q.Int4WeightOnlyConfig(group_size=128),'int4wo-32-plain':lambda:Q.Int4WeightOnlyConfig(group_size=32),'int8da-int4w':lambda:Q.Int8DynamicActivationIntxWeightConfig() if hasattr(Q,'Int8DynamicActivationIntxWeightConfig') else None,'intx':lambda:Q.IntxWeightOnlyConfig()}
    for n,f in cases.items():
        for o,i in SH:
            try:
                m=nn.Sequential(); m.add_module('l',nn.Linear(i,o,bias=False,dtype=torch.bfloat16))
                Q.quantize_(m,f())
                d,meta=flatten_tensor_state_dict(m.state_dict())
                for k,v in d.items(): row('torchao',n,o,i,k,v)
            except Exception as e: print('ao',n,o,i,repr(e)[:250])
for f in (bnb,bnb8,gptq,awq,hqq,ct,ao):
    if not ASKED or f.__name__ in ASKED: attempt(f)
